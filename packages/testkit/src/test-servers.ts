import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createLog } from '@tocsin/process/log'
import { onServer } from './database.ts'
import { provideRedis } from './redis-provision.ts'
import { removeLeftFolders, temporaryFolder } from './temporary-folder.ts'

/** What workers are told, by environment variables of these names. */
export type TestServers = { TEST_DATABASE_URL: string; TEST_DATABASE_TEMPLATE: string; TEST_REDIS_URL: string }

type Stop = () => Promise<void>

let running: Promise<TestServers> | null = null
const stops: Stop[] = []

/** One Postgres and one Redis for the whole run. Called again, it answers with the same. */
export function startTestServers(): Promise<TestServers> {
  running ??= startBoth()
  return running
}

/** Ends what was started, also after a start that failed half-way. */
export async function stopTestServers(): Promise<void> {
  running = null
  for (const stop of stops.splice(0).reverse()) await stop()
}

async function startBoth(): Promise<TestServers> {
  const outcomes = await Promise.allSettled([providePostgres().then(migratedTemplate), provideRedis()])
  const [database, redis] = outcomes
  if (redis.status === 'fulfilled') stops.push(redis.value.stop)
  if (database.status === 'fulfilled' && redis.status === 'fulfilled')
    return { ...database.value, TEST_REDIS_URL: redis.value.url }
  await stopTestServers() // Jest does not call the teardown of a setup that failed.
  const reasons: unknown[] = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
  throw reasons.length === 1 ? reasons[0] : new AggregateError(reasons, reasons.map(String).join('\n'))
}

/** DATABASE_URL is deliberately not looked at: it may be an operator's own. */
async function providePostgres(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL']
  if (given) return given
  removeLeftFolders()
  const dataDir = temporaryFolder()
  stops.push(async () => rmSync(dataDir, { recursive: true, force: true }))
  const server = await startEmbeddedPostgres({ dataDir, durable: false, log: createLog({ service: 'tests', level: 'warn' }) })
  stops.push(server.stop)
  return server.url
}

async function migratedTemplate(serverUrl: string): Promise<Pick<TestServers, 'TEST_DATABASE_URL' | 'TEST_DATABASE_TEMPLATE'>> {
  const template = `tocsin_template_${randomBytes(4).toString('hex')}`
  await onServer(serverUrl, `create database ${template}`)
  stops.push(() => onServer(serverUrl, `drop database ${template} with (force)`))
  const url = new URL(serverUrl)
  url.pathname = template
  await migrate(url.href)
  return { TEST_DATABASE_URL: serverUrl, TEST_DATABASE_TEMPLATE: template }
}
