import { channelOf, Envelope } from '@tocsin/contract/event'
import { events } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import { backoffMs } from '@tocsin/process/backoff'
import type { Log } from '@tocsin/process/log'
import { createClient } from 'redis'
import type { Bus } from './bus.ts'
import { createListeners } from './listeners.ts'
import { createSubscriptions } from './subscriptions.ts'

const everyChannel = 'org:*'
const channelsOf = (orgId: OrgId) => events.map((definition) => channelOf(orgId, definition.type))

/** Longer than a ping interval: a peer that vanished without a FIN is noticed within this. */
const socketMs = 15_000

/** A Redis that does not answer must not hold up whoever changed something. */
const publishMsMax = 1_000
/** For what is under way when we close. */
const closeMsMax = 500

/**
 * Exact channels for one org (a pattern would cost every publish of every org), one pattern for listeners to all.
 * The catalogue is small, so a subscription is a single command.
 */
export function createRedisBus(options: { url: string; log: Log }): Bus {
  const { log } = options
  let closing: Promise<void> | null = null
  const publisher = open('publisher', { disableOfflineQueue: true })
  let unanswered = 0
  const subscriber = open('subscriber', {})

  function open(connection: string, more: { disableOfflineQueue?: boolean }) {
    const opened = client(options.url, more)
    const note = (error: unknown) => {
      if (!closing) log.warn({ err: error, connection }, 'The Redis connection is troubled.')
    }
    opened.on('error', note)
    opened.connect().catch(note)
    return opened
  }

  const subscriptions = createSubscriptions<OrgId | '*'>({
    async subscribe(orgId) {
      if (orgId === '*') await subscriber.pSubscribe(everyChannel, hearAny)
      else await subscriber.subscribe(channelsOf(orgId), hear)
    },
    async unsubscribe(orgId) {
      if (orgId === '*') await subscriber.pUnsubscribe(everyChannel, hearAny)
      else await subscriber.unsubscribe(channelsOf(orgId), hear)
    },
    // Whatever was published before the subscription stood is in the journal.
    stands: (orgId) => listeners.tell(orgId, null),
    failed: (orgId, error) => {
      if (!closing) log.warn({ err: error, orgId }, 'A Redis subscription could not be changed; the next connection tries again.')
    },
  })
  const listeners = createListeners({
    first: (orgId) => subscriptions.want(orgId, true),
    last: (orgId) => subscriptions.want(orgId, false),
  })
  const hear = (text: string, channel: string) => {
    const message = parse(text, channel, log)
    if (message) listeners.tell(message.orgId, message)
  }
  const hearAny = (text: string, channel: string) => {
    const message = parse(text, channel, log)
    if (message) listeners.tell('*', message)
  }
  // Every reconnect may have missed something. By now the client has subscribed again to whatever it held before.
  subscriber.on('ready', () => {
    listeners.tellAll()
    subscriptions.settleAll()
  })

  return {
    async publish(event) {
      // One who changes something may wait for a Redis that hangs; not everybody, and not what we hold in memory for it.
      if (unanswered > 0) throw new Error('Redis does not answer.')
      const answer = publisher.publish(channelOf(event.orgId, event.type), JSON.stringify(event))
      await withinTime(answer, publishMsMax, () => {
        unanswered += 1
        // It is answered when Redis goes on, and rejected when the connection is given up.
        const settled = () => (unanswered -= 1)
        answer.then(settled, settled)
      })
    },
    // A new subscription tells everybody when it stands; whoever joins one that stands is told by us.
    listen: (orgId, hear) => listeners.add(orgId, hear, { told: subscriptions.stands(orgId) }),
    connected: () => publisher.isReady && subscriber.isReady && unanswered === 0,
    close: () => (closing ??= Promise.all([publisher, subscriber].map(closeClient)).then(() => {})),
  }
}

/** What has been sent gets its answer, unless the other side is in trouble. */
async function closeClient(each: ReturnType<typeof client>): Promise<void> {
  // Rejects when time is up, and never otherwise; destroying then ends what is left.
  if (each.isReady) await withinTime(each.close(), closeMsMax).catch(() => each.destroy())
  else each.destroy()
}

async function withinTime(work: Promise<unknown>, msMax: number, onLate = () => {}): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      onLate()
      reject(new Error(`Redis did not answer within ${msMax} ms.`))
    }, msMax)
  })
  try {
    await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function client(url: string, more: { disableOfflineQueue?: boolean }) {
  return createClient({
    url,
    ...more,
    pingInterval: 5_000,
    socket: {
      connectTimeout: 2_000,
      socketTimeout: socketMs,
      reconnectStrategy: (retries) => backoffMs(retries + 1, { firstMs: 50, maxMs: 2_000 }),
    },
  })
}

/** Anybody who reaches Redis may publish: what is not an envelope of its channel is not listened to. */
function parse(text: string, channel: string, log: Log): Envelope | null {
  try {
    const message = Envelope.parse(JSON.parse(text))
    if (channel === channelOf(message.orgId, message.type)) return message
    log.warn({ channel }, 'A message on the bus is not of its channel.')
  } catch (error) {
    log.warn({ err: error, channel }, 'A message on the bus is not an event.')
  }
  return null
}
