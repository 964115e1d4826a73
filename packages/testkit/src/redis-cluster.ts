import { rmSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@tocsin/db/embedded/free-port'
import { createClient } from 'redis'
import { type OwnRedis, startRedis } from './redis.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface ClusterNode {
  readonly url: string
  readonly port: number
  /** As a crash would. */
  kill(): Promise<void>
  /** On its port and with what it knew of the cluster. */
  start(): Promise<void>
  pause(): void
  resume(): void
  /** One command on a connection of its own; the caller knows what it answers. */
  ask<Answer = string>(...command: string[]): Promise<Answer>
}

export interface OwnRedisCluster {
  /** Any node is the way in; this is the first. */
  readonly url: string
  /** The masters share the slots evenly; a replica of the first may follow them. */
  readonly nodes: readonly ClusterNode[]
  slotOf(channel: string, seenBy?: ClusterNode): Promise<number>
  /** Which node serves a channel, as the given one sees it; else the first. */
  ownerOf(channel: string, seenBy?: ClusterNode): Promise<ClusterNode>
  /** As a resharding does, of a slot that holds no keys. */
  moveSlot(slot: number, from: ClusterNode, to: ClusterNode): Promise<void>
  /** Every node sees every slot served. */
  whole(): Promise<void>
  stop(): Promise<void>
}

const slotCount = 16_384

/** A real Redis Cluster on loopback, which a test may break. */
export async function startRedisCluster(options: { masters?: number; replica?: boolean } = {}): Promise<OwnRedisCluster> {
  const masterCount = options.masters ?? 3
  const nodes: Awaited<ReturnType<typeof startNode>>[] = []
  for (let n = 0; n < masterCount + (options.replica ? 1 : 0); n += 1) nodes.push(await startNode())
  const [first, ...others] = nodes
  if (!first) throw new Error('A cluster has a master.')
  const masters = nodes.slice(0, masterCount)
  for (const node of others) await first.ask('CLUSTER', 'MEET', '127.0.0.1', String(node.port), String(node.clusterPort))
  await Promise.all(
    masters.map((node, n) =>
      node.ask(
        'CLUSTER',
        'ADDSLOTSRANGE',
        String(Math.floor((n * slotCount) / masterCount)),
        String(Math.floor(((n + 1) * slotCount) / masterCount) - 1),
      ),
    ),
  )
  const atPort = (port: number) => {
    const node = nodes.find((each) => each.port === port)
    if (!node) throw new Error(`No node listens on ${port}.`)
    return node
  }
  const slotOf = (channel: string, seenBy: ClusterNode = first) => seenBy.ask<number>('CLUSTER', 'KEYSLOT', channel)
  const whole = async () => {
    for (const node of nodes)
      await untilTrue(async () => {
        const info = await node.ask('CLUSTER', 'INFO')
        return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${nodes.length}`)
      })
  }
  await whole()
  const replica = nodes[masterCount]
  if (replica) {
    await replica.ask('CLUSTER', 'REPLICATE', await first.ask('CLUSTER', 'MYID'))
    await untilTrue(async () => (await replica.ask('INFO', 'replication')).includes('master_link_status:up'))
  }
  return {
    url: first.url,
    nodes,
    slotOf,
    whole,
    async ownerOf(channel, seenBy = first) {
      const slot = await slotOf(channel, seenBy)
      const ranges = await seenBy.ask<[number, number, [string, number]][]>('CLUSTER', 'SLOTS')
      const range = ranges.find(([from, to]) => from <= slot && slot <= to)
      if (!range) throw new Error(`Nobody serves slot ${slot}.`)
      return atPort(range[2][1])
    },
    async moveSlot(slot, from, to) {
      const [source, target] = await Promise.all([from, to].map((node) => node.ask('CLUSTER', 'MYID')))
      const set = (node: ClusterNode, ...state: string[]) => node.ask('CLUSTER', 'SETSLOT', String(slot), ...state)
      await set(to, 'IMPORTING', String(source))
      await set(from, 'MIGRATING', String(target))
      // The new owner first: whoever is sent there by the old one is served.
      for (const node of new Set([to, from, ...masters])) await set(node, 'NODE', String(target))
    },
    stop: async () => void (await Promise.all(nodes.map((node) => node.stop()))),
  }
}

async function startNode() {
  const dir = temporaryFolder()
  const clusterPort = await freePort()
  let running: OwnRedis = await startRedis({ dir, clusterPort })
  const { url, port } = running
  return {
    url,
    port,
    clusterPort,
    kill: () => running.kill(),
    async start() {
      running = await startRedis({ dir, clusterPort, port })
    },
    pause: () => running.pause(),
    resume: () => running.resume(),
    async ask<Answer = string>(...command: string[]) {
      const client = createClient({ url, socket: { reconnectStrategy: false } })
      client.on('error', () => undefined) // connect() or the command rejects with it.
      await client.connect()
      try {
        return await client.sendCommand<Answer>(command)
      } finally {
        client.destroy()
      }
    },
    async stop() {
      await running.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A cluster that settles can only be asked again and again whether it has. */
export async function untilTrue(ask: () => Promise<boolean>): Promise<void> {
  while (!(await ask())) await delay(20)
}
