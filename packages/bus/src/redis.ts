import { channelOf, Envelope } from '@tocsin/contract/event'
import { events } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import { backoffMs } from '@tocsin/process/backoff'
import type { Log } from '@tocsin/process/log'
import { createClient } from 'redis'
import type { Bus } from './bus.ts'
import { createListeners } from './listeners.ts'

const everyChannel = 'org:*'
const channelsOf = (orgId: OrgId) => events.map((definition) => channelOf(orgId, definition.type))

/** Longer than a ping interval: a peer that vanished without a FIN is noticed within this. */
const socketMs = 15_000

/**
 * Exact channels for one org (a pattern would cost every publish of every org), one pattern for listeners to all.
 * The catalogue is small, so a subscription is a single command.
 */
export function createRedisBus(options: { url: string; log: Log }): Bus {
  const { log } = options
  const publisher = client(options.url, { disableOfflineQueue: true })
  const subscriber = client(options.url, {})
  for (const [name, each] of [
    ['publisher', publisher],
    ['subscriber', subscriber],
  ] as const) {
    each.on('error', (error: unknown) => log.warn({ err: error, connection: name }, 'The Redis connection is troubled.'))
    each.connect().catch((error: unknown) => log.warn({ err: error, connection: name }, 'The Redis connection was given up.'))
  }
  // Every reconnect may have missed something, the first one included.
  subscriber.on('ready', () => listeners.tellAll())

  const hear = (text: string, channel: string) => {
    const message = parse(text, channel, log)
    if (message) listeners.tell(message.orgId, message)
  }
  const hearAny = (text: string, channel: string) => {
    const message = parse(text, channel, log)
    if (message) listeners.tell('*', message)
  }
  const settle = (orgId: OrgId | '*', act: Promise<void>, done: () => void) => {
    act.then(done, (error: unknown) => log.warn({ err: error, orgId }, 'A Redis subscription could not be changed.'))
  }
  const listeners = createListeners({
    first: (orgId) => {
      const act = orgId === '*' ? subscriber.pSubscribe(everyChannel, hearAny) : subscriber.subscribe(channelsOf(orgId), hear)
      // Whatever was published before the subscription stood is in the journal.
      settle(orgId, act, () => listeners.tell(orgId, null))
    },
    last: (orgId) => {
      const act = orgId === '*' ? subscriber.pUnsubscribe(everyChannel, hearAny) : subscriber.unsubscribe(channelsOf(orgId), hear)
      settle(orgId, act, () => {})
    },
  })

  return {
    async publish(event) {
      await publisher.publish(channelOf(event.orgId, event.type), JSON.stringify(event))
    },
    listen: listeners.add,
    connected: () => publisher.isReady && subscriber.isReady,
    async close() {
      for (const each of [publisher, subscriber]) {
        // `close` waits for answers that a connection in trouble will never get.
        if (each.isReady) await each.close()
        else each.destroy()
      }
    },
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
