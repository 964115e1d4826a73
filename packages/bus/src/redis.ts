import { channelOf, Envelope, workChannelOf } from '@tocsin/contract/event'
import { backoffMs } from '@tocsin/process/backoff'
import type { Log } from '@tocsin/process/log'
import type { Bus } from './bus.ts'
import { createClusterLink } from './cluster.ts'
import { closeConnection, connection } from './connection.ts'
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
  const question = whichRedis(url, log, (mode) => {
    link = mode === 'cluster' ? createClusterLink(deps) : createSingleLink(deps)
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
    close: () => (closing ??= Promise.all([question.close(), link?.close()]).then(() => {})),
  }
}

/** Asks as soon as somebody is there to answer, again with every new connection, and goes when it knows. */
function whichRedis(url: string, log: Log, answer: (mode: 'cluster' | 'single') => void) {
  let done: Promise<void> | null = null
  const asking = connection(url, { reconnect: (failures) => backoffMs(failures, { firstMs: 50, maxMs: 2_000 }) })
  const note = (error: unknown) => {
    if (!done) log.warn({ err: error, connection: 'first' }, 'The Redis connection is troubled.')
  }
  const close = () => (done ??= closeConnection(asking))
  asking.on('error', note)
  asking.on('ready', () => {
    asking
      .hello()
      .then(async ({ mode }) => {
        if (done) return
        answer(mode === 'cluster' ? 'cluster' : 'single')
        await close()
      })
      .catch(note)
  })
  asking.connect().catch(note)
  return { close }
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
