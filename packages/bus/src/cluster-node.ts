import { errorMessage } from '@tocsin/process/error-code'
import type { Log } from '@tocsin/process/log'
import { closeConnection, connection, createPatience } from './connection.ts'
import { type SlotRange, slotOf } from './slots.ts'

export interface ClusterNode {
  readonly address: string
  readonly host: string
  answering(): boolean
  publish(channel: string, text: string): Promise<void>
  slots(): Promise<readonly SlotRange[]>
  want(channel: string, on: boolean): void
  /** What could not be subscribed to is tried again, and what is subscribed to is compared with what the server says. */
  settle(): void
  close(): Promise<void>
}

/**
 * One master, for as long as its connections last: when one of them breaks, both end, and the node with them. So there is no second way
 * to a subscription: a node that comes back is a new one, and holds nothing yet.
 */
export function openClusterNode(
  url: string,
  on: {
    log: Log
    heard: (text: string, channel: string) => void
    /** These channels are heard from now on. */
    stand: (channels: readonly string[]) => void
    /** This one is not, any more. */
    lost: (channel: string) => void
    /** The slots may have moved. */
    doubt: () => void
    ready: () => void
    ended: (was: { ready: boolean }) => void
  },
): ClusterNode {
  const { host: address, hostname: host } = new URL(url)
  const publisher = connection(url, { reconnect: null, disableOfflineQueue: true })
  const subscriber = connection(url, { reconnect: null, disableOfflineQueue: true })
  const patience = createPatience()
  let wasReady = false
  let ended: Promise<void> | null = null
  const channels = createShardChannels({
    subscribe: (some) => subscriber.sSubscribe([...some], on.heard),
    unsubscribe: (some) => subscriber.sUnsubscribe([...some], on.heard),
    // Whoever is not allowed to ask, or asks one who cannot tell, goes by what we know.
    count: async () => /\bssub=(\d+)/.exec(await subscriber.sendCommand<string>(['CLIENT', 'INFO']).catch(() => ''))?.[1],
    ready: () => subscriber.isReady,
    stand: on.stand,
    doubt: on.doubt,
    broken: fail,
    refused: (error, some) => {
      if (!ended)
        on.log.warn(
          { err: error, node: address, channels: some.length },
          'Channels could not be subscribed to. They are tried again.',
        )
    },
  })

  const close = () => (ended ??= Promise.all([publisher, subscriber].map(closeConnection)).then(() => {}))
  function fail(error: unknown): void {
    if (ended) return
    on.log.warn({ err: error, node: address }, 'The connection to a node of the Redis Cluster is troubled.')
    ended = Promise.resolve()
    publisher.destroy()
    subscriber.destroy()
    on.ended({ ready: wasReady })
  }

  // Also an answer that nobody asked for ends here: after it, what is said to be subscribed may not be.
  for (const each of [publisher, subscriber]) each.on('error', fail)
  // The server ends a subscription when it gives the slot away.
  subscriber.on('sharded-channel-moved', (channel: string) => {
    channels.lose(channel)
    on.lost(channel)
  })
  Promise.all([publisher.connect(), subscriber.connect()]).then(() => {
    if (ended) return
    wasReady = true
    channels.settle()
    on.ready()
  }, fail)

  return {
    address,
    host: host.replace(/^\[(.*)\]$/, '$1'),
    answering: () => wasReady && !ended && patience.answering(),
    publish: async (channel, text) => void (await patience.ask(() => publisher.sPublish(channel, text))),
    slots: () => patience.ask(() => publisher.clusterSlots()),
    want: (channel, on) => channels.want(channel, on),
    settle: () => channels.settle(),
    close,
  }
}

/**
 * Brings the channels of a node into line with what is wanted, in rounds: whoever comes and goes quickly ends where they should. What
 * fails is tried again by `settle`; a slot that has moved is no longer wanted here by then.
 */
function createShardChannels(act: {
  subscribe: (channels: readonly string[]) => Promise<void>
  unsubscribe: (channels: readonly string[]) => Promise<void>
  /** How many subscriptions the server says there are. */
  count: () => Promise<string | undefined>
  ready: () => boolean
  stand: (channels: readonly string[]) => void
  doubt: () => void
  broken: (error: Error) => void
  /** These will be tried again at the next sweep. */
  refused: (error: unknown, channels: readonly string[]) => void
}) {
  const wanted = new Set<string>()
  const held = new Set<string>()
  let changed = new Set<string>()
  let settling = false

  async function settleRounds(): Promise<void> {
    settling = true
    // Those who come in the same turn share a round.
    await new Promise((resolve) => setImmediate(resolve))
    while (changed.size > 0 && act.ready()) {
      const round = [...changed]
      changed = new Set()
      await Promise.all([
        ...bySlot(round.filter((channel) => !wanted.has(channel) && held.has(channel))).map(drop),
        ...bySlot(round.filter((channel) => wanted.has(channel) && !held.has(channel))).map(take),
      ])
      act.stand(round.filter((channel) => held.has(channel)))
    }
    settling = false
  }

  async function take(some: readonly string[]): Promise<void> {
    try {
      await act.subscribe(some)
      for (const channel of some) held.add(channel)
    } catch (error) {
      if (errorMessage(error).startsWith('MOVED')) act.doubt()
      else act.refused(error, some)
    }
  }

  async function drop(some: readonly string[]): Promise<void> {
    // A slot that is gone took its subscriptions along, and one that is refused for another reason is not worth more.
    await act.unsubscribe(some).catch(() => {})
    for (const channel of some) held.delete(channel)
  }

  /** The end of a subscription that the server sends while it owes us an answer is lost on the way through the client library. */
  async function compare(): Promise<void> {
    settling = true // Without a round in between, the two numbers are of one moment.
    const count = await act.count()
    settling = false
    if (count !== undefined && Number(count) !== held.size)
      act.broken(new Error(`The server holds ${count} of ${held.size} subscriptions.`))
    else if (changed.size > 0) void settleRounds()
  }

  function settle(): void {
    for (const channel of wanted) if (!held.has(channel)) changed.add(channel)
    if (settling || !act.ready()) return
    if (changed.size > 0) void settleRounds()
    else void compare()
  }

  return {
    want(channel: string, on: boolean) {
      if (on) wanted.add(channel)
      else wanted.delete(channel)
      changed.add(channel)
      if (!settling) void settleRounds()
    },
    lose(channel: string) {
      held.delete(channel)
      act.doubt()
    },
    settle,
  }
}

/** One command subscribes to channels of one slot. */
function bySlot(channels: readonly string[]): string[][] {
  return [...Map.groupBy(channels, slotOf).values()]
}
