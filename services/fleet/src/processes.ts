// `npm run fleet`: each service as a process of its own, on one Postgres and one Redis, started again when it dies.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { migrate } from '@tocsin/db/migrate'
import { openFoundation } from '@tocsin/journal/foundation'
import { backoffMs } from '@tocsin/process/backoff'
import { wallClock } from '@tocsin/process/clock'
import { CommonEnv, environmentOrExit } from '@tocsin/process/env'
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

const startedAt = performance.now()
const home = environmentOrExit(
  HomeEnv.extend({ DATABASE_URL: CommonEnv.shape.DATABASE_URL, REDIS_URL: CommonEnv.shape.REDIS_URL }),
  process.env,
)
const log = createLog({ service: 'fleet', level: home.LOG_LEVEL })
const dataDir = resolve(home.DATA_DIR)
const publicUrl = (home.PUBLIC_URL ?? `http://localhost:${home.PORT}`).replace(/\/$/, '')

function supervised(name: (typeof services)[number], env: NodeJS.ProcessEnv): Service {
  const stopping = new AbortController()
  let child: ChildProcess | null = null
  let running: Promise<void> | null = null
  const main = join(import.meta.dirname, '../../', name, 'src/main.ts')

  async function keep(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      const since = performance.now()
      child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'inherit', 'inherit'] })
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
const streamUrl =
  process.env['STREAM_URL'] ?? `http://${new URL(publicUrl).hostname}:${process.env['GATEWAY_PORT'] ?? 4001}/v1/stream`
const env = {
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
