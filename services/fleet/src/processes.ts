// `npm run fleet`: each service as a process of its own, on one Postgres and one Redis, started again when it dies.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { migrate } from '@tocsin/db/migrate'
import { detectorEnvironment, detectorNodeFlags } from '@tocsin/detector/env'
import { openFoundation } from '@tocsin/journal/foundation'
import { backoffMs } from '@tocsin/process/backoff'
import { wallClock } from '@tocsin/process/clock'
import { CommonEnv, environmentOrExit, port } from '@tocsin/process/env'
import { createLog } from '@tocsin/process/log'
import { run } from '@tocsin/process/run'
import { combine, type Service } from '@tocsin/process/service'
import { bootstrapOnce } from './bootstrap-once.ts'
import { buildDashboard } from './dashboard-build.ts'
import { BootstrapEnv, HomeEnv } from './env.ts'
import { keptSecret, newSecretKey } from './secrets.ts'
import { welcome } from './welcome.ts'

const services = ['notifier', 'detector', 'scheduler', 'realtime-gateway', 'api'] as const
/** A child that lived this long did not die of its start. */
const healthyMs = 30_000
/** What has not answered by then is not going to. */
const startMsMax = 60_000

const startedAt = performance.now()
const home = environmentOrExit(
  HomeEnv.extend({
    DATABASE_URL: CommonEnv.shape.DATABASE_URL,
    REDIS_URL: CommonEnv.shape.REDIS_URL,
    STREAM_URL: CommonEnv.shape.PUBLIC_URL,
    GATEWAY_PORT: port(4001),
    SCHEDULER_PORT: port(4002),
    DETECTOR_PORT: port(4003),
    NOTIFIER_PORT: port(4004),
  }),
  process.env,
)
const log = createLog({ service: 'fleet', level: home.LOG_LEVEL })
const dataDir = resolve(home.DATA_DIR)
const publicUrl = (home.PUBLIC_URL ?? `http://localhost:${home.PORT}`).replace(/\/$/, '')

const portOf = {
  api: home.PORT,
  'realtime-gateway': home.GATEWAY_PORT,
  scheduler: home.SCHEDULER_PORT,
  detector: home.DETECTOR_PORT,
  notifier: home.NOTIFIER_PORT,
} satisfies Record<(typeof services)[number], number>

/** A program that starts can only be asked again and again whether it has. */
async function untilLive(name: (typeof services)[number], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const live = await fetch(`http://127.0.0.1:${portOf[name]}/health/live`, { signal }).then(
      (response) => response.ok,
      () => false, // Not yet.
    )
    if (live) return
    await wallClock.sleep(50, signal)
  }
  throw new Error(`The ${name} does not answer on port ${portOf[name]}.`)
}

function supervised(name: (typeof services)[number], env: NodeJS.ProcessEnv): Service {
  const stopping = new AbortController()
  let child: ChildProcess | null = null
  let running: Promise<void> | null = null
  const nodeFlags = name === 'detector' ? detectorNodeFlags : []
  const ownEnv = name === 'detector' ? { ...detectorEnvironment, ...env } : env
  const main = join(import.meta.dirname, '../../', name, 'src/main.ts')

  async function keep(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const since = performance.now()
      child = spawn(process.execPath, [...nodeFlags, main], { env: ownEnv, stdio: ['ignore', 'inherit', 'inherit'] })
      log.info({ child: name, pid: child.pid }, 'A service is started.')
      const [code, signal] = await once(child, 'exit')
      if (stopping.signal.aborted) return
      failures = performance.now() - since > healthyMs ? 1 : failures + 1
      log.error({ child: name, code, signal, failures }, 'A service died and is started again.')
      await wallClock.sleep(backoffMs(failures, { firstMs: 200, maxMs: 10_000 }), stopping.signal)
    }
  }

  return {
    name,
    async start() {
      running ??= keep()
      await untilLive(name, AbortSignal.any([stopping.signal, AbortSignal.timeout(startMsMax)]))
    },
    async stop() {
      stopping.abort()
      child?.kill('SIGTERM')
      await running
    },
  }
}

/** All children are told at once: each has its ten seconds at the same time as the others. */
const together = (parts: readonly Service[]): Service => ({
  name: 'services',
  start: async () => void (await Promise.all(parts.map((part) => part.start()))),
  stop: async () => void (await Promise.all(parts.map((part) => part.stop()))),
})

const secretKey = home.SECRET_KEY ?? keptSecret(dataDir, 'secret-key', newSecretKey)
/** The gateway has a port of its own; behind a proxy that joins the two, STREAM_URL says so. */
const streamUrl = home.STREAM_URL ?? `http://${new URL(publicUrl).hostname}:${home.GATEWAY_PORT}/v1/stream`
const env = {
  // From its second start on a service does without stripping types and compiling: half a second and some megabytes.
  NODE_COMPILE_CACHE: join(dataDir, 'compile-cache'),
  ...process.env,
  SECRET_KEY: secretKey,
  PUBLIC_URL: publicUrl,
  STREAM_URL: streamUrl,
  DASHBOARD_DIR: await buildDashboard(log),
}
await migrate(home.DATABASE_URL)
const foundation = openFoundation({ databaseUrl: home.DATABASE_URL, redisUrl: null, log })
const admin = await bootstrapOnce({ foundation, env: environmentOrExit(BootstrapEnv, process.env), dataDir })
await foundation.close()
await run(combine('processes', [together(services.map((name) => supervised(name, env)))]), log)
process.stdout.write(welcome({ ...admin, url: publicUrl, demo: null, startedMs: performance.now() - startedAt }))
