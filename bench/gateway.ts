import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Bus } from '@tocsin/bus/bus'
import { createRedisBus } from '@tocsin/bus/redis'
import { system } from '@tocsin/contract/actor'
import { siteDeleted } from '@tocsin/contract/events/sites'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { freePort } from '@tocsin/db/embedded/free-port'
import { migrate } from '@tocsin/db/migrate'
import { createDatabase } from '@tocsin/db/pool'
import { signRealtimeToken } from '@tocsin/domain/members/realtime-token'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { createJournal } from '@tocsin/journal/change'
import { wallClock } from '@tocsin/process/clock'
import { silentLog } from '@tocsin/process/log'
import { createMetrics } from '@tocsin/process/metrics'
import { deriveKey } from '@tocsin/process/secret-box'
import { startRedis } from '@tocsin/testkit/redis'
import { openViewers, type Viewers } from './gateway-viewers.ts'
import { median, rounded } from './median.ts'

const SECRET_KEY = 'a secret that only a benchmark may know'
const by = system('bench')
const serverCore = '0'
const otherCore = '1'
const rounds = 9
/** Of sixteen events each: they take the others a second or two. */
const backlogRounds = 5

/** Fan-out of one core, with Postgres and Redis in the path; viewers, database and bus share the other core. */
export async function run(): Promise<object> {
  const limit = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  if (limit < 12_000)
    throw new Error(`10,000 viewers need as many open files; here ${limit} are allowed. ulimit -n 20000 raises it.`)
  execFileSync('taskset', ['-a', '-cp', otherCore, String(process.pid)], { stdio: 'ignore' })
  const world = await openWorld()
  try {
    const [ours, naive] = [await measure(world, 'ours'), await measure(world, 'naive')]
    const nchan = existsSync('/usr/lib/nginx/modules/ngx_nchan_module.so') ? await measure(world, 'nchan') : 'absent'
    const more = await measureOurs(world)
    return { unit: 'deliveries per second of one core', ours, naive, nchan, ratios: ratiosOf(ours, naive, nchan), ...more }
  } finally {
    await world.close()
  }
}

type World = Awaited<ReturnType<typeof openWorld>>
type Kind = 'ours' | 'naive' | 'nchan'
type Figures = Awaited<ReturnType<typeof measure>>

/** Postgres, Redis, and a writer whose publishes are timed. */
async function openWorld() {
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true, log: silentLog() })
  const redis = await startRedis()
  await migrate(postgres.url)
  const db = createDatabase({ url: postgres.url, log: silentLog() })
  const redisBus = createRedisBus({ url: redis.url, log: silentLog() })
  while (!redisBus.connected()) await delay(5)
  const time = { began: 0 }
  const bus: Bus = {
    ...redisBus,
    publish(event) {
      time.began = performance.now()
      return redisBus.publish(event)
    },
  }
  const journal = createJournal({ db, bus, clock: wallClock, log: silentLog(), metrics: createMetrics({ process: false }) })
  const key = deriveKey(SECRET_KEY, 'realtime-token')
  return {
    dataDir,
    args: [postgres.url, redis.url, SECRET_KEY],
    began: () => time.began,
    async org(): Promise<OrgId> {
      const orgId = newId('org')
      await journal.change(orgId, by, (change) => createOrg(change, { name: 'Bench', ownerId: null }))
      return orgId
    },
    /** Commits so many events in one change; the last one carries the mark. */
    async commit(orgId: OrgId, events: number): Promise<void> {
      await journal.change(orgId, by, async (change) => {
        for (let n = 0; n < events; n += 1) change.emit(siteDeleted, { siteId: newId('site') })
      })
    },
    token: async (orgId: OrgId) =>
      (await signRealtimeToken(key, { orgId, actor: by, scope: 'read', events: ['site.*'] }, new Date())).token,
    async close() {
      await bus.close()
      await db.close()
      await redis.stop()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

interface Server {
  port: number
  usage(): Promise<{ rssBytes: number; cpuMicros: number }>
  stop(): Promise<void>
}

async function startServer(world: World, kind: Exclude<Kind, 'nchan'>): Promise<Server> {
  const port = await freePort()
  const program = join(import.meta.dirname, 'gateway-server.ts')
  const child = spawn(
    'taskset',
    ['-c', serverCore, process.execPath, '--expose-gc', program, kind, String(port), ...world.args],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  )
  await once(child, 'message')
  await delay(300) // Its listening socket.
  return {
    port,
    async usage() {
      child.send('usage')
      const [usage] = await once(child, 'message')
      return usage
    },
    stop: () => ended(child),
  }
}

async function startNchan(world: World): Promise<Server> {
  const port = await freePort()
  const file = join(world.dataDir, 'nginx.conf')
  writeFileSync(
    file,
    `load_module /usr/lib/nginx/modules/ngx_nchan_module.so; daemon off; master_process off; worker_processes 1; pid ${world.dataDir}/nginx.pid;
     error_log /dev/null; events { worker_connections 12000; }
     http { access_log off; client_body_temp_path ${world.dataDir}/body; nchan_max_reserved_memory 256M;
       server { listen 127.0.0.1:${port} backlog=4096; location /sub { nchan_subscriber eventsource; nchan_channel_id c; }
         location /pub { nchan_publisher; nchan_channel_id c; nchan_message_buffer_length 100; } } }`,
  )
  const child = spawn('taskset', ['-c', serverCore, 'nginx', '-c', file], { stdio: 'ignore' })
  await delay(500)
  return {
    port,
    async usage() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      const [user = 0, kernel = 0] =
        readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(11, 13).map(Number) ?? []
      return { rssBytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024, cpuMicros: (user + kernel) * 10_000 }
    },
    stop: () => ended(child),
  }
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

async function measure(world: World, kind: Kind) {
  const server = kind === 'nchan' ? await startNchan(world) : await startServer(world, kind)
  try {
    const orgId = await world.org()
    const token = await world.token(orgId)
    const path = { ours: `/v1/stream?token=${token}`, naive: `/?org_id=${orgId}`, nchan: '/sub' }[kind]
    const ready = kind === 'nchan' ? 'HTTP/1.1 200' : 'event: connected'
    const figures: Record<string, object> = {}
    // Between a thousand viewers and ten thousand: what a process needs for itself is no viewer's.
    const rss: number[] = []
    let seq = 0
    for (const count of [1_000, 10_000]) {
      const viewers = await openViewers({ port: server.port, count, request: () => path, atOnce: 250, ready })
      const fire = async (events: number) => {
        seq += events
        if (kind === 'nchan') return nchanFire(viewers, server.port, seq, events)
        return viewers.arrivals(`id: ${seq}\n`, () => world.commit(orgId, events), world.began)
      }
      await fire(1)
      rss.push((await server.usage()).rssBytes)
      figures[`viewers${count}`] = await rates(server, fire, count)
      viewers.close()
      await delay(500)
    }
    return { ...figures, rssKilobytesPerViewer: rounded(((rss[1] ?? 0) - (rss[0] ?? 0)) / 9_000 / 1024, 1) } as {
      [K in 'viewers1000' | 'viewers10000']: Awaited<ReturnType<typeof rates>>
    } & { rssKilobytesPerViewer: number }
  } finally {
    await server.stop()
  }
}

/** Medians of single events and of backlogs of 16; and what a delivery costs the server, which other work on the machine changes least. */
async function rates(server: Server, fire: (events: number) => Promise<number[]>, viewers: number) {
  const measured = async (events: number, rounds: number) => {
    const perSecond: number[] = []
    const p99: number[] = []
    const before = (await server.usage()).cpuMicros
    for (let round = 0; round < rounds; round += 1) {
      const arrivals = await fire(events)
      perSecond.push(((viewers * events) / Math.max(...arrivals)) * 1000)
      p99.push(percentile(arrivals, 0.99))
      await delay(20)
    }
    const cpuMicros = ((await server.usage()).cpuMicros - before) / (rounds * viewers * events)
    return { perSecond: Math.round(median(perSecond)), p99Ms: rounded(median(p99), 1), cpuMicros: rounded(cpuMicros) }
  }
  return { single: await measured(1, rounds), backlog16: await measured(16, backlogRounds) }
}

async function nchanFire(viewers: Viewers, port: number, seq: number, events: number): Promise<number[]> {
  let began = 0
  const post = (n: number) =>
    new Promise<void>((resolve, reject) => {
      const filling = 'x'.repeat(280)
      const sent = request({ port, host: '127.0.0.1', method: 'POST', path: '/pub' }, (answer) =>
        answer.resume().on('end', resolve),
      )
      sent.on('error', reject).end(`{"seq":${n},"data":"${filling}"}`)
    })
  const act = async () => {
    began = performance.now()
    await Promise.all(Array.from({ length: events }, (_, index) => post(seq - events + 1 + index)))
  }
  return viewers.arrivals(`{"seq":${seq},`, act, () => began)
}

/** What only we promise: latency from the commit, a storm of reconnects, many orgs. */
async function measureOurs(world: World) {
  const server = await startServer(world, 'ours')
  try {
    return {
      commitToBrowser: await latency(world, server),
      storm: await storm(world, server),
      manyOrgs: await manyOrgs(world, server),
    }
  } finally {
    await server.stop()
  }
}

async function latency(world: World, server: Server) {
  const orgId = await world.org()
  const token = await world.token(orgId)
  const viewers = await openViewers({
    port: server.port,
    count: 1_000,
    request: () => `/v1/stream?token=${token}`,
    atOnce: 250,
    ready: 'event: connected',
  })
  const all: number[] = []
  for (let seq = 1; seq <= 50; seq += 1) {
    const pause = delay(100)
    all.push(...(await viewers.arrivals(`id: ${seq}\n`, () => world.commit(orgId, 1), world.began)))
    await pause
  }
  viewers.close()
  return {
    viewers: 1_000,
    eventsPerSecond: 10,
    p50Ms: rounded(percentile(all, 0.5), 1),
    p99Ms: rounded(percentile(all, 0.99), 1),
    goal: { p50Ms: 5, p99Ms: 50 },
  }
}

async function storm(world: World, server: Server) {
  const orgId = await world.org()
  const token = await world.token(orgId)
  const path = `/v1/stream?token=${token}`
  const count = 5_000
  const first = await openViewers({ port: server.port, count, request: () => path, atOnce: 250, ready: 'event: connected' })
  await first.arrivals('id: 20\n', () => world.commit(orgId, 20), world.began)
  first.close()
  await world.commit(orgId, 5)
  await delay(500)
  const readsBefore = await journalReads(server.port)
  const began = performance.now()
  const request = (index: number) => `${path}&last_event_id=${15 + (index % 6)}`
  const back = await openViewers({ port: server.port, count, request, atOnce: count, ready: 'id: 25\n' })
  const seconds = (performance.now() - began) / 1000
  back.close()
  return {
    reconnects: count,
    seconds: rounded(seconds),
    journalReads: (await journalReads(server.port)) - readsBefore,
    goal: { seconds: 2 },
  }
}

async function journalReads(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
  return Number(/^tocsin_gateway_journal_reads_total (\d+)/m.exec(text)?.[1])
}

/** The server's own time for a delivery, for 10,000 viewers of one org and of a thousand. */
async function manyOrgs(world: World, server: Server) {
  const micros: Record<number, number> = {}
  for (const orgs of [1, 1_000]) {
    const orgIds: OrgId[] = []
    for (let n = 0; n < orgs; n += 1) orgIds.push(await world.org())
    const tokens = await Promise.all(orgIds.map((orgId) => world.token(orgId)))
    const request = (index: number) => `/v1/stream?token=${tokens[index % orgs]}`
    const viewers = await openViewers({ port: server.port, count: 10_000, request, atOnce: 250, ready: 'event: connected' })
    await delay(3_000) // Until who is here has been announced.
    const before = (await server.usage()).cpuMicros
    for (let seq = 1; seq <= rounds; seq += 1)
      await viewers.arrivals(
        `id: ${seq}\n`,
        async () => void (await Promise.all(orgIds.map((orgId) => world.commit(orgId, 1)))),
        world.began,
      )
    micros[orgs] = ((await server.usage()).cpuMicros - before) / (rounds * viewers.count)
    viewers.close()
    await delay(1_000)
  }
  return {
    unit: 'CPU microseconds per delivery',
    oneOrg: rounded(micros[1] ?? 0, 1),
    // Every tenth of them is also an event of its own, which is heard, encoded and counted.
    thousandOrgs: rounded(micros[1_000] ?? 0, 1),
    ratio: rounded((micros[1_000] ?? 0) / (micros[1] ?? 0)),
    goal: { ratio: 1 },
  }
}

function ratiosOf(ours: Figures, naive: Figures, nchan: Figures | 'absent') {
  const against = (other: Figures) => ({
    single1000: rounded(ours.viewers1000.single.perSecond / other.viewers1000.single.perSecond),
    single10000: rounded(ours.viewers10000.single.perSecond / other.viewers10000.single.perSecond),
    backlog10000: rounded(ours.viewers10000.backlog16.perSecond / other.viewers10000.backlog16.perSecond),
    p99At10000: rounded(ours.viewers10000.single.p99Ms / other.viewers10000.single.p99Ms),
    cpuSingle10000: rounded(ours.viewers10000.single.cpuMicros / other.viewers10000.single.cpuMicros),
    cpuBacklog10000: rounded(ours.viewers10000.backlog16.cpuMicros / other.viewers10000.backlog16.cpuMicros),
  })
  return {
    toNaive: against(naive),
    toNchan:
      nchan === 'absent'
        ? 'absent'
        : { ...against(nchan), goal: { single1000: 1.2, single10000: 1.2, backlog10000: 10, p99At10000: 1 } },
    goal: { rssKilobytesPerViewer: 6 },
  }
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
