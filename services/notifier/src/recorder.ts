import { system } from '@tocsin/contract/actor'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { DestinationId, OrgId, WebhookId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { type AttemptRecord, recordAttempts } from '@tocsin/domain/deliveries/attempts'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import { destinationSentWith, lockDestinations, noteDestinationHealth } from '@tocsin/domain/destinations/health'
import { endpointSentWith, lockEndpoints, noteEndpointHealth } from '@tocsin/domain/webhooks/health'
import type { Foundation } from '@tocsin/journal/foundation'
import { errorCode } from '@tocsin/process/error-code'
import { afterAttempt, slowUntil } from './after-attempt.ts'
import type { SendResult } from './channels/channel.ts'
import type { DeliveryMetrics } from './metrics.ts'
import { subscriberOutcomes } from './subscriber-outcomes.ts'

export interface RecorderDeps extends Pick<Foundation, 'journal' | 'clock' | 'log'> {
  readonly kind: Delivery['channel']
  /** Waits before the second, third, … attempt. */
  readonly stepsMs: readonly number[]
  readonly metrics: DeliveryMetrics
}

export interface Finished {
  readonly claimed: ClaimedDelivery
  readonly result: SendResult
  readonly at: Date
}

export interface Recorder {
  add(finished: Finished): void
  waiting(): number
  /** Writes what has come in; answers how many. */
  record(): Promise<number>
}

/** Orgs whose results are written at the same time: connections to the database are few. */
const orgsMax = 4

/** A deadlock, or two changes that could not both be. */
const brokenOff = /^40(P01|001)$/

export function createRecorder(deps: RecorderDeps): Recorder {
  let waiting: Finished[] = []

  async function recordOrg(orgId: OrgId, batch: readonly Finished[]): Promise<DatabaseUnavailable | null> {
    try {
      await record(deps, orgId, batch)
    } catch (error) {
      if (error instanceof DatabaseUnavailable) {
        // Kept: what has arrived must not be sent again because the database was away for a moment.
        waiting.push(...batch)
        return error
      }
      if (brokenOff.test(errorCode(error))) {
        // Nothing is wrong with it: somebody else's change, such as of an endpoint that is disabled, went first.
        waiting.push(...batch)
        return null
      }
      // The leases end and they are sent again, under the same ids: better than to hold up every other org.
      deps.log.error({ err: error, orgId, deliveries: batch.length }, 'Attempts could not be recorded.')
    }
    return null
  }

  return {
    add: (finished) => void waiting.push(finished),
    waiting: () => waiting.length,
    async record() {
      const batch = waiting
      waiting = []
      const queue = [...Map.groupBy(batch, ({ claimed }) => claimed.orgId)]
      let unavailable: DatabaseUnavailable | null = null
      await Promise.all(
        Array.from({ length: Math.min(orgsMax, queue.length) }, async () => {
          for (let next = queue.pop(); next; next = queue.pop()) unavailable = (await recordOrg(...next)) ?? unavailable
        }),
      )
      if (unavailable) throw unavailable
      return batch.length
    },
  }
}

/** One change per org and batch: its attempts, its deliveries, its receivers' health and its events. */
async function record(deps: RecorderDeps, orgId: OrgId, batch: readonly Finished[]): Promise<void> {
  const { journal, clock } = deps
  const now = clock.now()
  const records = batch.map(({ claimed, result, at }): AttemptRecord => {
    const { outcome, status, latencyMs, response } = result
    const stepsMs = stepsOf(claimed, deps)
    const next = afterAttempt(result, { step: claimed.step, stepsMs, now })
    return { deliveryId: claimed.id, token: claimed.token, at, outcome, status, latencyMs, response, next }
  })
  const isWebhook = deps.kind === 'webhook'
  const endpointsOf = (some: typeof batch) => (isWebhook ? healthsOf(some, now, endpointOf) : [])
  const destinationsOf = (some: typeof batch) => (isWebhook ? [] : healthsOf(some.filter(isAboutDestination), now, destinationOf))
  const subscribers = subscriberOutcomes(
    batch.map(({ claimed, result }, index) => ({
      receiverId: claimed.receiverId,
      result,
      state: records[index]?.next.state ?? 'pending',
    })),
  )
  await journal.change(orgId, system('notifier'), async (change) => {
    // Sent one behind the other and answered in that order: the first one's answer decides nothing about the second.
    const [lockedEndpoints, lockedDestinations, , lost] = await Promise.all([
      lockEndpoints(change, endpointsOf(batch)),
      lockDestinations(change, destinationsOf(batch)),
      subscribers.lock(change),
      recordAttempts(change, records),
    ])
    // What became of a delivery that is in other hands, or was dropped when its receiver was disabled, says nothing about anybody's health.
    const ours = lost.length === 0 ? batch : batch.filter((_, index) => !lost.some((record) => record === records[index]))
    await noteEndpointHealth(change, lockedEndpoints, endpointsOf(ours))
    await noteDestinationHealth(change, lockedDestinations, destinationsOf(ours))
    await subscribers.note(change)
  })
  for (const { result } of batch) deps.metrics.finished(deps.kind, result)
}

/** The short schedule is the beginning of the other: five attempts. It is about webhooks; people are told as long as it makes sense. */
function stepsOf({ retries }: ClaimedDelivery, { kind, stepsMs }: RecorderDeps): readonly number[] {
  return kind === 'webhook' && retries === 'short' ? stepsMs.slice(0, shortRetriesMax) : stepsMs
}
const shortRetriesMax = 4

/** Members' mail has no destination. And that our own mail server cannot be reached, or wants to wait, says nothing about a mailbox. */
function isAboutDestination({ claimed, result }: Finished): boolean {
  if (claimed.kind === null) return false
  return claimed.kind !== 'email' || result.outcome === 'accepted' || (result.outcome === 'rejected' && !result.retry)
}

type Fared = { worked: boolean; gone: boolean; bounced: boolean; slowUntil: Date | null }

/** For each receiver, and for each configuration in which it was met. */
function healthsOf<Met extends { sentWith: string }>(
  batch: readonly Finished[],
  now: Date,
  metOf: (claimed: ClaimedDelivery) => Met,
): (Met & Fared)[] {
  const judged = batch.filter(({ result }) => result.outcome !== 'aborted')
  const met = new Map<string, { receiver: Met; results: SendResult[] }>()
  for (const { claimed, result } of judged) {
    const receiver = metOf(claimed)
    const key = claimed.receiverId + receiver.sentWith
    const known = met.get(key)
    if (known) known.results.push(result)
    else met.set(key, { receiver, results: [result] })
  }
  return [...met.values()].map(({ receiver, results }) => ({
    ...receiver,
    worked: results.some(({ outcome }) => outcome === 'accepted'),
    gone: results.some(({ outcome }) => outcome === 'gone'),
    bounced: results.some(({ mailbox }) => mailbox === 'gone'),
    slowUntil: results.map((result) => slowUntil(result, now)).reduce(later, null),
  }))
}

// What kind of id it is follows from the lane, and from the destination's kind that was claimed with it.
const endpointOf = (claimed: ClaimedDelivery) => ({
  webhookId: claimed.receiverId as WebhookId,
  sentWith: endpointSentWith(claimed),
})
const destinationOf = (claimed: ClaimedDelivery) => ({
  destinationId: claimed.receiverId as DestinationId,
  sentWith: destinationSentWith(claimed),
})

const later = (a: Date | null, b: Date | null): Date | null => (a && b ? (a > b ? a : b) : (a ?? b))
