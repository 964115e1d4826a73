import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { ClaimedDelivery, QueueState } from '@tocsin/domain/deliveries/claim'
import type { Metrics } from '@tocsin/process/metrics'
import type { SendResult } from './channels/channel.ts'

export interface DeliveryMetrics {
  started(channel: Delivery['channel'], claimed: ClaimedDelivery, at: Date): void
  finished(channel: Delivery['channel'], result: SendResult): void
  inFlight(channel: Delivery['channel'], count: number): void
  queue(states: readonly QueueState[]): void
}

export function createDeliveryMetrics(metrics: Metrics): DeliveryMetrics {
  const attempts = metrics.counter('delivery_attempts_total', 'Attempts to deliver, by how they went', ['channel', 'outcome'])
  const latency = metrics.histogram('delivery_attempt_seconds', 'From sending to the end of the answer', ['channel'])
  const lag = metrics.histogram('delivery_lag_seconds', 'From an event to the first attempt to deliver it', ['channel'])
  const inFlight = metrics.gauge('deliveries_in_flight', 'Deliveries this process is sending at the moment', ['channel'])
  const waiting = metrics.gauge('delivery_queue_size', 'Deliveries that are due and not sent', ['channel'])
  const oldest = metrics.gauge('delivery_queue_age_seconds', 'How long the oldest of them has been due', ['channel'])
  return {
    started(channel, claimed, at) {
      if (claimed.attempts > 0 || claimed.message.seq === null || claimed.redeliveredAt) return
      lag.observe({ channel }, Math.max(0, at.getTime() - Date.parse(claimed.message.at)) / 1000)
    },
    finished(channel, result) {
      attempts.inc({ channel, outcome: result.outcome })
      latency.observe({ channel }, result.latencyMs / 1000)
    },
    inFlight: (channel, count) => inFlight.set({ channel }, count),
    queue(states) {
      for (const channel of ['webhook', 'email', 'chat'] as const) {
        const state = states.find((each) => each.channel === channel)
        waiting.set({ channel }, state?.waiting ?? 0)
        oldest.set({ channel }, state?.oldestSeconds ?? 0)
      }
    },
  }
}
