import { type ClaimedDelivery, claimDeliveries, releaseDeliveries } from '@tocsin/domain/deliveries/claim'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'
import { attemptMsMax, type Channel, type SendResult } from './channels/channel.ts'
import { createRecorder, type RecorderDeps } from './recorder.ts'

export interface DeliverPumpDeps extends RecorderDeps, Pick<Foundation, 'db'> {
  readonly channel: Channel
  /** In this process. */
  readonly inFlightMax: number
}

export interface DeliverPump {
  /** Records what is finished and sends what is due, as far as there is room; the sending goes on after it. */
  pass(): Promise<PassResult>
  /** Calls back whenever a pass has something to do before its timer. */
  onFinished(ring: () => void): void
  /** Passes until nothing is due and nothing in hand. */
  drain(): Promise<void>
  /** Claims nothing more; what is in flight may finish for a while, and is then given back. */
  stop(): Promise<void>
}

/** Three attempts' time: whoever holds it longer than that is dead, and another may send. */
const leaseMs = 3 * attemptMsMax
/** To one receiver, by each replica; to one that is failing, one by all of them. */
const perReceiverMax = 16
/** A stop as a whole may take ten seconds, and what is in flight has to be recorded after it. */
const stopMsMax = 6_000
/**
 * Not claim, wait for all, record: a slow receiver would hold up the batch it is in. Each pass takes as many as there is room for and
 * records as many as have come back since, so the busier it is, the larger the batches are.
 */
export function createDeliverPump(deps: DeliverPumpDeps): DeliverPump {
  const { db, clock, channel } = deps
  const replica = crypto.randomUUID()
  const inFlight = new Map<string, Promise<void>>()
  const stopping = new AbortController()
  const cutting = new AbortController()
  const recorder = createRecorder(deps)
  let claims = 0
  let ring = () => {}

  async function send(claimed: ClaimedDelivery): Promise<void> {
    const at = clock.now()
    deps.metrics.started(deps.kind, claimed, at)
    const result = await channel.send(claimed, cutting.signal).catch((error: unknown) => bug(deps, claimed, error))
    recorder.add({ claimed, result, at })
    inFlight.delete(claimed.id)
    ring()
  }

  async function claimAndSend(): Promise<number> {
    const limit = deps.inFlightMax - inFlight.size - recorder.waiting()
    if (limit <= 0 || stopping.signal.aborted) return 0
    claims += 1
    const now = clock.now()
    const claimed = await claimDeliveries(db, {
      channel: deps.kind,
      now,
      leaseUntil: new Date(now.getTime() + leaseMs),
      // Of this claim alone: if we sleep through our own lease and claim the row again, the first outcome does not count.
      token: `${replica}:${claims}`,
      limit,
      perReceiver: perReceiverMax,
    })
    if (stopping.signal.aborted) await releaseDeliveries(db, claimed)
    else for (const each of claimed) inFlight.set(each.id, send(each))
    return claimed.length
  }

  async function pass(): Promise<PassResult> {
    // Side by side: the one waits for the disk while the other reads.
    const [recorded, claimed] = await Promise.all([recorder.record(), claimAndSend()])
    deps.metrics.inFlight(deps.kind, inFlight.size)
    return recorded + claimed > 0 ? 'worked' : 'idle'
  }

  return {
    pass,
    onFinished(callback) {
      ring = callback
    },
    async drain() {
      for (;;) {
        while ((await pass()) === 'worked');
        if (recorder.waiting() > 0) continue
        if (inFlight.size === 0) return
        await Promise.race(inFlight.values())
      }
    },
    async stop() {
      stopping.abort()
      const cut = setTimeout(() => cutting.abort(), stopMsMax)
      await Promise.all(inFlight.values())
      clearTimeout(cut)
      await recorder.record()
    },
  }
}

/** A message we cannot even put into words must not hold up the others; it is tried again, in case a newer version can. */
function bug({ log }: DeliverPumpDeps, claimed: ClaimedDelivery, error: unknown): SendResult {
  log.error({ err: error, orgId: claimed.orgId, deliveryId: claimed.id }, 'A delivery could not be put together.')
  return {
    outcome: 'rejected',
    retry: true,
    status: null,
    latencyMs: 0,
    response: 'The message could not be put together; see the log of the notifier.',
    retryAfterMs: null,
    slow: false,
  }
}
