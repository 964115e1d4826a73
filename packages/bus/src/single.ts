import { type Connection, closeConnection, createPatience, openConnection } from './connection.ts'
import type { Link, LinkDeps } from './link.ts'
import { createSubscriptions } from './subscriptions.ts'
import { channelsOf, type Topic } from './topics.ts'

/** One Redis. The catalogue is small, so a subscription is a single command. */
export function createSingleLink(deps: LinkDeps, publisher: Connection): Link {
  const { url, log, heard } = deps
  const patience = createPatience()
  let closing: Promise<void> | null = null
  const subscriber = openConnection(url, log, 'subscriber')
  const subscriptions = createSubscriptions<Topic>({
    subscribe: (topic) => subscriber.subscribe([...channelsOf(topic)], heard),
    unsubscribe: (topic) => subscriber.unsubscribe([...channelsOf(topic)], heard),
    stands: deps.missed,
    failed: (topic, error) => {
      if (!closing) log.warn({ err: error, topic }, 'A Redis subscription could not be changed; the next connection tries again.')
    },
  })
  // Every reconnect may have missed something. By now the client has subscribed again to whatever it held before.
  subscriber.on('ready', () => {
    deps.missedAll()
    subscriptions.settleAll()
  })

  return {
    publish: async (channel, text) => void (await patience.ask(() => publisher.publish(channel, text))),
    want: (topic, on) => subscriptions.want(topic, on),
    stands: (topic) => subscriptions.stands(topic),
    connected: () => publisher.isReady && subscriber.isReady && patience.answering(),
    close: () => (closing ??= Promise.all([publisher, subscriber].map(closeConnection)).then(() => {})),
  }
}
