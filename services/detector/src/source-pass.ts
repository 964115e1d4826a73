import { randomUUID } from 'node:crypto'
import type { Agent } from '@tocsin/contract/api/scans'
import type { OrgId, SiteId, SourceId } from '@tocsin/contract/ids'
import type { SourceKind } from '@tocsin/contract/sources/catalog'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import { type ClaimedSource, claimSources, readClaimedSource, releaseSource } from '@tocsin/domain/sources/claim'
import { countRequests, deferToNextDay, recordFault, recordFetched, recordTested } from '@tocsin/domain/sources/record'
import type { Foundation } from '@tocsin/journal/foundation'
import { spread } from '@tocsin/process/backoff'
import type { PassResult } from '@tocsin/process/loop'
import type { SecretBox } from '@tocsin/process/secret-box'
import { detector } from './held-scan.ts'
import { openConnection } from './sources/open-source.ts'
import type { SourceRegistry } from './sources/registry.ts'
import type { Connection, Fetched, SourceAdapter, SourceDeps, Tested } from './sources/source.ts'

export interface SourcePassDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log' | 'metrics'> {
  readonly sources: Omit<SourceDeps, 'read' | 'clock' | 'log'>
  readonly sourceBox: SecretBox
  readonly sourceRegistry: SourceRegistry
}

/** Fetches at once. Each is mostly waiting. */
const fetchesMax = 8
/** One refresh; what needs longer goes on where its cursor is, next time. */
const fetchMsMax = 120_000
const testMsMax = 20_000
/** A detector that dies is replaced within this. Longer than a fetch and what it takes to record it. */
const leaseMs = fetchMsMax + 60_000

/** Asks the outside APIs whatever is due: tests that somebody waits for, and measurements. */
export async function sourcePass(deps: SourcePassDeps, stopping: AbortSignal): Promise<PassResult> {
  return (await refresh(deps, kindsOf(deps.sourceRegistry, null), null, stopping)) > 0 ? 'worked' : 'idle'
}

/** Whatever is due of one site and belongs to one agent, before it judges. */
export async function refreshSources(
  deps: SourcePassDeps,
  of: { orgId: OrgId; siteId: SiteId; agent: Agent },
  signal: AbortSignal,
): Promise<void> {
  const kinds = kindsOf(deps.sourceRegistry, of.agent)
  if (kinds.length > 0) await refresh(deps, kinds, of.siteId, signal)
}

function kindsOf(registry: SourceRegistry, agent: Agent | null): SourceKind[] {
  return Object.values(registry)
    .filter((adapter) => agent === null || adapter.agent === agent)
    .map((adapter) => adapter.kind)
}

async function refresh(
  deps: SourcePassDeps,
  kinds: readonly SourceKind[],
  siteId: SiteId | null,
  stopping: AbortSignal,
): Promise<number> {
  const now = deps.clock.now()
  const token = randomUUID()
  const request = { now, leaseUntil: new Date(now.getTime() + leaseMs), token, kinds, siteId, limit: fetchesMax }
  const claimed = await deps.db.transaction('installation', (sql) => claimSources(sql, request))
  const outcomes = await Promise.allSettled(
    claimed.map(({ orgId, sourceId }) => workOn(deps, { orgId, sourceId, token }, stopping)),
  )
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  return claimed.length
}

interface Held {
  readonly orgId: OrgId
  readonly sourceId: SourceId
  readonly token: string
}

async function workOn(deps: SourcePassDeps, held: Held, stopping: AbortSignal): Promise<void> {
  const now = deps.clock.now()
  const claimed = await deps.journal.read(held.orgId, (sql) => readClaimedSource(sql, { ...held, now }))
  if (!claimed) return
  const seconds = deps.metrics.histogram('source_seconds', 'Time to fetch or test a source', ['kind', 'work', 'result'])
  const stop = seconds.startTimer({ kind: claimed.kind, work: claimed.isTest ? 'test' : 'fetch' })
  try {
    stop({ result: await (claimed.isTest ? tryOut : bring)(deps, held, claimed, stopping) })
  } catch (error) {
    stop({ result: 'broken' })
    if (error instanceof DatabaseUnavailable) throw error
    // One adapter that breaks must not keep the other sources from being fetched; nor may it be tried in a circle.
    deps.log.error({ err: error, ...namesOf(held, claimed) }, 'A source broke.')
    const fault = { reason: 'bad_answer', detail: 'What it answered could not be processed.', retryAt: null } as const
    await deps.journal.change(held.orgId, detector, (change) =>
      claimed.isTest
        ? recordTested(change, { ...held, tested: { ok: false, ...fault } })
        : recordFault(change, { ...held, fault }),
    )
  }
}

const namesOf = ({ orgId, sourceId }: Held, { kind }: ClaimedSource) => ({ orgId, sourceId, kind })

/** One fetch, recorded. Answers how it ended, for those who count. */
async function bring(deps: SourcePassDeps, held: Held, claimed: ClaimedSource, stopping: AbortSignal): Promise<string> {
  const opened = open(deps, held, claimed)
  if (!opened) return recordFetch(deps, held, claimed, unreadable)
  const { adapter, connection } = opened
  if (connection.requestsLeft === 0) {
    await deps.journal.change(held.orgId, detector, (change) => deferToNextDay(change, held))
    return 'deferred'
  }
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(fetchMsMax)])
  const fetched = await adapter.fetch(askWith(deps), connection, signal)
  if (stopping.aborted) return giveBack(deps, held, claimed, fetched.requestsUsed)
  return recordFetch(deps, held, claimed, fetched, adapter)
}

/** Somebody waits: what the test found is recorded, whatever it is. */
async function tryOut(deps: SourcePassDeps, held: Held, claimed: ClaimedSource, stopping: AbortSignal): Promise<string> {
  const opened = open(deps, held, claimed)
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(testMsMax)])
  const tested = await testOf(deps, opened, signal)
  if (stopping.aborted) return giveBack(deps, held, claimed, tested.requestsUsed)
  await deps.journal.change(held.orgId, detector, async (change) => {
    await countRequests(change, { fingerprint: claimed.fingerprint, requests: tested.requestsUsed })
    await recordTested(change, { ...held, tested })
  })
  return tested.ok ? 'ok' : tested.reason
}

const unreadable = {
  ok: false,
  reason: 'credentials',
  detail: 'The stored settings cannot be read any more: enter them again.',
  retryAt: null,
  requestsUsed: 0,
} as const

async function testOf(deps: SourcePassDeps, opened: Opened | null, signal: AbortSignal): Promise<Tested> {
  if (!opened) return unreadable
  if (opened.connection.requestsLeft === 0)
    return { ok: false, reason: 'quota', detail: 'The budget of requests for today is spent.', requestsUsed: 0 }
  return opened.adapter.test(askWith(deps), opened.connection, signal)
}

interface Opened {
  readonly adapter: SourceAdapter
  readonly connection: Connection
}

function open(deps: SourcePassDeps, { orgId }: Held, claimed: ClaimedSource): Opened | null {
  // Only kinds of the registry are claimed.
  const adapter: SourceAdapter | undefined = deps.sourceRegistry[claimed.kind]
  const connection = openConnection(claimed, { orgId, box: deps.sourceBox, now: deps.clock.now() })
  return adapter && connection ? { adapter, connection } : null
}

const askWith = ({ sources, clock, log, journal }: SourcePassDeps): SourceDeps => ({
  ...sources,
  clock,
  log,
  read: (orgId, query) => journal.read(orgId, query),
})

async function recordFetch(
  deps: SourcePassDeps,
  held: Held,
  { fingerprint }: ClaimedSource,
  fetched: Fetched,
  adapter?: SourceAdapter,
): Promise<string> {
  const now = deps.clock.now()
  const recorded = await deps.journal.change(held.orgId, detector, async (change) => {
    await countRequests(change, { fingerprint, requests: fetched.requestsUsed })
    if (!fetched.ok) return recordFault(change, { ...held, fault: fetched })
    const nextAt = fetched.nextAt ?? new Date(now.getTime() + spread((adapter?.everySeconds ?? 0) * 1_000))
    return recordFetched(change, { ...held, record: (opened) => fetched.record(opened), adapterState: fetched.state, nextAt })
  })
  if (!recorded) return 'dropped'
  return fetched.ok ? 'ok' : fetched.reason
}

/** A detector that stops leaves the source to the next one; what was asked was asked. */
async function giveBack(deps: SourcePassDeps, held: Held, { fingerprint }: ClaimedSource, requests: number): Promise<string> {
  await deps.journal.change(held.orgId, detector, async (change) => {
    await countRequests(change, { fingerprint, requests })
    await releaseSource(change, held)
  })
  return 'interrupted'
}
