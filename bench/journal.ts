import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryBus } from '@tocsin/bus/memory'
import { system } from '@tocsin/contract/actor'
import { siteDeleted } from '@tocsin/contract/events/sites'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { createJournal } from '@tocsin/journal/change'
import { wallClock } from '@tocsin/process/clock'
import { silentLog } from '@tocsin/process/log'
import { createMetrics } from '@tocsin/process/metrics'
import { onServer } from '@tocsin/testkit/database'
import { median, rounded } from './median.ts'

const writers = 32
const rounds = 5
const roundMs = 1_500
const by = system('bench')

/** Commits a second with the journal's numbers and without any, on a Postgres of its own that syncs every commit. */
export async function run(): Promise<object> {
  const dataDir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: true, log: silentLog() })
  try {
    await migrate(server.url)
    await createPlainTable(server.url)
    const db = createDatabase({ url: server.url, log: silentLog(), connections: writers })
    const metrics = createMetrics({ process: false })
    const journal = createJournal({ db, bus: createMemoryBus(), clock: wallClock, log: silentLog(), metrics })
    const orgIds = await createOrgs(db, 50)
    const first = orgIds.slice(0, 1)
    const numbered = (orgId: OrgId) =>
      journal.change(orgId, by, async (change) => change.emit(siteDeleted, { siteId: newId('site') }))
    const plain = (orgId: OrgId) => insertPlain(db, orgId)
    const figures = await interleaved({
      numbered50: () => commitsPerSecond(orgIds, numbered),
      plain50: () => commitsPerSecond(orgIds, plain),
      numbered1: () => commitsPerSecond(first, numbered),
      plain1: () => commitsPerSecond(first, plain),
    })
    await db.close()
    return {
      writers,
      rounds,
      fiftyOrgs: {
        commitsPerSecond: figures.numbered50,
        withoutNumbers: figures.plain50,
        ratio: rounded(figures.numbered50 / figures.plain50),
        goal: 0.8,
      },
      oneOrg: {
        commitsPerSecond: figures.numbered1,
        withoutNumbers: figures.plain1,
        ratio: rounded(figures.numbered1 / figures.plain1),
        goal: null,
      },
    }
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

/** The same row behind the same wall; its number comes from a sequence, which promises readers nothing. */
async function createPlainTable(url: string): Promise<void> {
  await onServer(
    url,
    `create table plain_event (org_id text not null references org (id), seq bigserial, type text not null, at timestamptz not null,
       actor jsonb not null, data jsonb not null, primary key (org_id, seq));
     create index on plain_event (org_id, at);
     select protect_tenant_table('plain_event');
     grant usage on sequence plain_event_seq_seq to tocsin_app`,
  )
}

async function insertPlain(db: Database, orgId: OrgId): Promise<void> {
  const data = siteDeleted.data.parse({ siteId: newId('site') })
  await db.transaction({ orgId }, (sql) =>
    sql.query('insert into plain_event (org_id, type, at, actor, data) values ($1, $2, $3, $4, $5)', [
      orgId,
      siteDeleted.type,
      new Date(),
      JSON.stringify(by),
      JSON.stringify(data),
    ]),
  )
}

async function createOrgs(db: Database, count: number): Promise<OrgId[]> {
  const orgIds = Array.from({ length: count }, () => newId('org'))
  for (const orgId of orgIds)
    await db.transaction({ orgId }, async (sql) => {
      await sql.query('insert into org (id, name, created_at) values ($1, $2, $3)', [orgId, 'Bench', new Date()])
      await sql.query('insert into journal_head (org_id) values ($1)', [orgId])
    })
  return orgIds
}

async function commitsPerSecond(orgIds: readonly OrgId[], commit: (orgId: OrgId) => Promise<void>): Promise<number> {
  const started = performance.now()
  let commits = 0
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = writer; performance.now() - started < roundMs; n += writers) {
        const orgId = orgIds[n % orgIds.length]
        if (orgId) await commit(orgId)
        commits += 1
      }
    }),
  )
  return commits / ((performance.now() - started) / 1000)
}

/** Round by round, so that a slow minute of the machine is everybody's. Medians. */
async function interleaved<Name extends string>(measures: Record<Name, () => Promise<number>>): Promise<Record<Name, number>> {
  const names = Object.keys(measures) as Name[] // A record has no other keys.
  const seen = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let round = 0; round <= rounds; round += 1)
    for (const name of names) {
      const measured = await measures[name]()
      if (round > 0) seen.get(name)?.push(measured) // The first round warms everybody up.
    }
  return Object.fromEntries(names.map((name) => [name, Math.round(median(seen.get(name) ?? []))])) as Record<Name, number>
}
