import type { ClusterNode } from './cluster-node.ts'
import { openClusterNodes } from './cluster-nodes.ts'
import type { Link, LinkDeps } from './link.ts'
import { movedTo, slotOf } from './slots.ts'
import { channelsOf, type Topic } from './topics.ts'

interface Place {
  topic: Topic
  slot: number
  node: ClusterNode | undefined
  /** The node has said that it is heard there. */
  stands: boolean
}

/** A Redis Cluster, by sharded pub/sub: a channel lives where its slot does, so those of one topic live on many nodes. */
export function createClusterLink(deps: LinkDeps): Link {
  const places = new Map<string, Place>()
  const nodes = openClusterNodes(deps.url, {
    log: deps.log,
    heard: deps.heard,
    stand,
    lost(node, channel) {
      const at = places.get(channel)
      if (at?.node === node) at.stands = false
    },
    changed: () => {
      for (const [channel, at] of places) move(channel, at, nodes.ofSlot(at.slot))
    },
  })

  function move(channel: string, at: Place, node: ClusterNode | undefined): void {
    if (at.node === node) return
    at.node?.want(channel, false)
    at.node = node
    at.stands = false
    node?.want(channel, true)
  }

  function want(topic: Topic, on: boolean): void {
    for (const channel of channelsOf(topic)) {
      const at = places.get(channel) ?? { topic, slot: slotOf(channel), node: undefined, stands: false }
      if (on) places.set(channel, at)
      else places.delete(channel)
      move(channel, at, on ? nodes.ofSlot(at.slot) : undefined)
    }
  }

  const stands = (topic: Topic) => channelsOf(topic).every((channel) => places.get(channel)?.stands)

  /** A topic is told once, by the last of its channels. */
  function stand(node: ClusterNode, channels: readonly string[]): void {
    const topics = new Set<Topic>()
    for (const channel of channels) {
      const at = places.get(channel)
      if (at?.node !== node || at.stands) continue
      at.stands = true
      topics.add(at.topic)
    }
    for (const topic of topics) if (stands(topic)) deps.missed(topic)
  }

  async function publish(channel: string, text: string): Promise<void> {
    const node = nodes.ofSlot(slotOf(channel))
    if (!node) throw new Error('No node of the Redis Cluster serves this channel.')
    try {
      await node.publish(channel, text)
    } catch (error) {
      const address = movedTo(error, node.host)
      if (address === null) throw error
      nodes.doubt()
      const next = nodes.at(address)
      if (!next) throw error
      await next.publish(channel, text)
    }
  }

  return { publish, want, stands, connected: () => nodes.connected(), close: () => nodes.close() }
}
