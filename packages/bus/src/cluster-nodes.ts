import { wallClock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import { createLoop } from '@tocsin/process/loop'
import { type ClusterNode, openClusterNode } from './cluster-node.ts'
import { ownersOf, urlAt } from './slots.ts'

/** How often the slots are asked for, and a node that is away is tried. */
const sweepMs = 2_000
/** While slots move one after the other, doubts come in crowds. */
const restMs = 100

export interface ClusterNodes {
  /** Whoever serves the slot, as far as we know. */
  ofSlot(slot: number): ClusterNode | undefined
  at(address: string): ClusterNode | undefined
  /** The slots may have moved: look soon. */
  doubt(): void
  connected(): boolean
  close(): Promise<void>
}

/**
 * A connection to everybody who serves slots. Starting, a node that died, a slot that moved and a failover are one loop: ask who serves
 * what, and have a node for each of them.
 */
export function openClusterNodes(
  url: string,
  on: {
    log: Log
    heard: (text: string, channel: string) => void
    stand: (node: ClusterNode, channels: readonly string[]) => void
    lost: (node: ClusterNode, channel: string) => void
    /** Another node may serve a slot now. */
    changed: () => void
  },
): ClusterNodes {
  const seed = new URL(url).host
  const nodes = new Map<string, ClusterNode>()
  const owners = createOwners(nodes, on.log)
  let closing: Promise<void> | null = null
  const loop = createLoop({ name: 'redis-cluster', everyMs: sweepMs, pass, log: on.log, clock: wallClock })
  const ring = () => loop.ring()
  void loop.start()

  async function pass(signal: AbortSignal): Promise<'idle'> {
    await owners.learn()
    if (signal.aborted) return 'idle'
    meet()
    on.changed()
    for (const node of nodes.values()) node.settle()
    await wallClock.sleep(restMs, signal)
    return 'idle'
  }

  /** One node per owner of slots; nobody else, but for the way in while none of them answers. */
  function meet(): void {
    const needed = new Set([...owners.all()].filter((owner) => owner !== undefined))
    if (![...needed].some((address) => nodes.get(address)?.answering())) needed.add(seed)
    for (const address of needed) if (!nodes.has(address)) open(address)
    for (const node of nodes.values()) {
      if (needed.has(node.address)) continue
      nodes.delete(node.address)
      void node.close()
    }
  }

  function open(address: string): void {
    const node: ClusterNode = openClusterNode(urlAt(url, address), {
      log: on.log,
      heard: on.heard,
      stand: (channels) => on.stand(node, channels),
      lost: (channel) => on.lost(node, channel),
      doubt: ring,
      ready: ring,
      ended(was) {
        if (nodes.get(address) === node) nodes.delete(address)
        if (was.ready) ring() // Who did not let us in is tried again by the sweep.
      },
    })
    nodes.set(address, node)
  }

  async function close(): Promise<void> {
    const stopped = loop.stop()
    await Promise.all([...nodes.values()].map((node) => node.close()))
    await stopped
  }

  return {
    ofSlot: (slot) => nodes.get(owners.of(slot) ?? ''),
    at: (address) => nodes.get(address),
    doubt: ring,
    /** Every slot is served by somebody who answers. */
    connected: () => {
      const all = [...owners.all()]
      return !closing && all.length > 0 && all.every((owner) => owner !== undefined && nodes.get(owner)?.answering())
    },
    close: () => (closing ??= close()),
  }
}

/** The address that serves each slot, and undefined where none does. */
function createOwners(nodes: Map<string, ClusterNode>, log: Log) {
  let bySlot: readonly (string | undefined)[] = []
  let all: ReadonlySet<string | undefined> = new Set()
  return {
    of: (slot: number) => bySlot[slot],
    all: () => all,
    /** Asks in turn, so that one who is cut off from the others is not believed for long. */
    async learn(): Promise<void> {
      for (const node of [...nodes.values()].filter((each) => each.answering())) {
        nodes.delete(node.address)
        nodes.set(node.address, node) // To the end of the queue.
        try {
          bySlot = ownersOf(await node.slots(), node.host)
          all = new Set(bySlot)
          return
        } catch (error) {
          log.debug({ err: error, node: node.address }, 'A node of the Redis Cluster does not tell its slots.')
        }
      }
    },
  }
}
