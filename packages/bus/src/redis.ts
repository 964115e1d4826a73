import { channelOf, Envelope, workChannelOf } from '@tocsin/contract/event'
import type { Log } from '@tocsin/process/log'
import type { Bus } from './bus.ts'
import { createClusterLink } from './cluster.ts'
import { type Connection, closeConnection, openConnection } from './connection.ts'
import type { Link, LinkDeps } from './link.ts'
import { createListeners } from './listeners.ts'
import { createSingleLink } from './single.ts'
import { isWork } from './topics.ts'

/**
 * On one Redis, plain pub/sub; on a Redis Cluster, sharded pub/sub on the same channels. Which of the two it is, Redis says itself when it
 * first answers; until then listeners are remembered.
 */
export function createRedisBus(options: { url: string; log: Log }): Bus {
  const { url, log } = options
  let link: Link | null = null
  let closing: Promise<void> | null = null

  const listeners = createListeners({
    first: (topic) => link?.want(topic, true),
    last: (topic) => link?.want(topic, false),
    // A new subscription tells everybody when it stands; whoever joins one that stands is told at once.
    told: (topic) => link?.stands(topic) ?? false,
  })
  const deps: LinkDeps = {
    url,
    log,
    heard(text, channel) {
      if (isWork(channel)) return listeners.tell(channel, null)
      const message = parse(text, channel, log)
      if (message) listeners.tell(message.orgId, message)
    },
    missed: (topic) => listeners.tell(topic, null),
    missedAll: () => listeners.tellAll(),
  }
  const first = openConnection(url, log, 'publisher', { disableOfflineQueue: true })
  whichRedis(first, log, (mode) => {
    if (closing) return
    if (mode === 'cluster') void closeConnection(first)
    link = mode === 'cluster' ? createClusterLink(deps) : createSingleLink(deps, first)
    for (const topic of listeners.topics()) link.want(topic, true)
  })

  return {
    async publish(event) {
      if (!link || closing) throw new Error('There is no connection to Redis.')
      const rung = [link.publish(channelOf(event.orgId, event.type), JSON.stringify(event))]
      // What is ephemeral is nobody's work.
      if (event.seq !== null) rung.push(link.publish(workChannelOf(event.type), ''))
      await Promise.all(rung)
    },
    listen: (orgId, hear) => listeners.add(orgId, hear),
    listenForWork: (types, ring) => listeners.addAll(types.map(workChannelOf), ring),
    connected: () => !closing && (link?.connected() ?? false),
    close: () => (closing ??= link ? link.close() : closeConnection(first)),
  }
}

/** Asks as soon as somebody is there to answer, and again with a new connection. */
function whichRedis(first: Connection, log: Log, answer: (mode: 'cluster' | 'single') => void): void {
  async function ask(): Promise<void> {
    try {
      const { mode } = await first.hello()
      first.off('ready', asks)
      answer(mode === 'cluster' ? 'cluster' : 'single')
    } catch (error) {
      if (first.isOpen) log.warn({ err: error }, 'Redis does not say whether it is a cluster.')
    }
  }
  const asks = () => void ask()
  first.on('ready', asks)
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
