import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { environmentOrExit } from '@tocsin/process/env'
import { createLog } from '@tocsin/process/log'
import { run } from '@tocsin/process/run'
import { createSecretBox } from '@tocsin/process/secret-box'
import type { Service } from '@tocsin/process/service'
import { bootstrapOnce } from './bootstrap-once.ts'
import { buildDashboard } from './dashboard-build.ts'
import { startDemo } from './demo/demo.ts'
import { BootstrapEnv, FleetEnv, HomeEnv } from './env.ts'
import { createFleet } from './fleet.ts'
import { keptSecret, newSecretKey } from './secrets.ts'
import { welcome } from './welcome.ts'

const startedAt = performance.now()
const home = environmentOrExit(HomeEnv, process.env)
const bootstrapEnv = environmentOrExit(BootstrapEnv, process.env)
const rootLog = createLog({ level: home.LOG_LEVEL })
const log = rootLog.child({ service: 'fleet' })
const dataDir = resolve(home.DATA_DIR)
const publicUrl = (home.PUBLIC_URL ?? `http://localhost:${home.PORT}`).replace(/\/$/, '')
const stops: (() => Promise<void>)[] = []

/** Starts what the fleet stands on, then the fleet, then says where it is; stops in reverse. */
const whole: Service = {
  name: 'tocsin',
  async start() {
    mkdirSync(dataDir, { recursive: true })
    const databaseUrl = home.DATABASE_URL ?? (await ownDatabase())
    const secretKey = home.SECRET_KEY ?? keptSecret(dataDir, 'secret-key', newSecretKey)
    await migrate(databaseUrl)
    const demo = process.argv.includes('--demo') ? await startDemo({ port: home.PORT, dataDir }) : null
    if (demo) stops.push(() => demo.stop())
    const env = environmentOrExit(FleetEnv, {
      ...process.env,
      DATABASE_URL: databaseUrl,
      SECRET_KEY: secretKey,
      PUBLIC_URL: publicUrl,
      ...(demo ? { SMTP_URL: demo.smtpUrl, ALLOW_TARGET_CIDRS: '127.0.0.0/8,::1/128' } : {}),
    })
    const fleet = createFleet({ env, log: rootLog, dashboardDir: await buildDashboard(log), mounts: demo ? [demo.console] : [] })
    stops.push(() => fleet.stop())
    const admin = await bootstrapOnce({ foundation: fleet.foundation, env: bootstrapEnv, dataDir })
    await demo?.seed(fleet.foundation.journal, admin.orgId, createSecretBox(secretKey, 'webhook'))
    await fleet.start()
    process.stdout.write(welcome({ ...admin, url: publicUrl, demo, startedMs: performance.now() - startedAt }))
  },
  async stop() {
    for (const stop of stops.splice(0).reverse()) await stop()
  },
}

async function ownDatabase(): Promise<string> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true, log })
  stops.push(postgres.stop)
  return postgres.url
}

await run(whole, log, () => whole.stop())
