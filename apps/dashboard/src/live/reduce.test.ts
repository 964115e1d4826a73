import { describe, expect, test } from '@jest/globals'
import type { Execution, Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat, ThreatState } from '@tocsin/contract/api/threats'
import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import { reduce } from './reduce.ts'
import type { Snapshot, SnapshotOf } from './snapshot.ts'
import { type EventData, eventOf, executionOf, healthOf, keywordOf, scanOf, siteOf, sourceOf, threatOf } from './test-views.ts'

/** A server in a few lines: rows, a journal, and lists read from the rows. What the reducer makes of the journal must be what it reads. */
function createServer() {
  let seq = 0
  const journal: OrgEvent[] = []
  const sites = new Map<string, Site>()
  const threats = new Map<string, Threat>()
  const scans = new Map<string, Scan>()
  function emit<Type extends EventName>(type: Type, data: EventData[Type]) {
    seq += 1
    journal.push(eventOf(seq, type, data))
  }
  const newest = <Item extends { id: string }>(items: Item[], at: (item: Item) => string) =>
    items.sort((a, b) => (at(a) === at(b) ? (a.id < b.id ? 1 : -1) : at(a) < at(b) ? 1 : -1))
  const page = <Item>(data: Item[]) => ({ data, nextCursor: null, asOf: seq })
  return {
    journal,
    emit,
    sites,
    threats,
    scans,
    siteList: (): Snapshot => ({
      kind: 'sites',
      filter: null,
      page: page(newest([...sites.values()], (site) => site.createdAt)),
    }),
    threatList: (siteId: Site['id'], state: ThreatState): Snapshot => ({
      kind: 'threats',
      filter: { siteId, state },
      page: page(
        newest(
          [...threats.values()].filter((threat) => threat.siteId === siteId && threat.state === state),
          (threat) => threat.firstSeenAt,
        ),
      ),
    }),
    scanList: (siteId: Site['id']): Snapshot => ({
      kind: 'scans',
      filter: { siteId },
      page: page(
        newest(
          [...scans.values()].filter((scan) => scan.siteId === siteId),
          (scan) => scan.queuedAt,
        ),
      ),
    }),
  }
}
type Server = ReturnType<typeof createServer>

const siteIds = [1, 2, 3].map((number) => siteOf(number).id)
const states: ThreatState[] = ['active', 'acknowledged', 'resolved', 'accepted', 'hygiene']
const threatEvents = {
  active: 'threat.updated',
  acknowledged: 'threat.acknowledged',
  resolved: 'threat.resolved',
  accepted: 'threat.accepted',
  hygiene: 'threat.updated',
} as const

/** What can happen to a site, its threats and its scans, in the order in which verbs let it happen. */
const happenings: ((server: Server, turn: number, pick: (max: number) => number) => void)[] = [
  (server, turn, pick) => {
    const site = siteOf(1 + pick(3), { createdAt: minute(turn) })
    if (server.sites.has(site.id)) return
    server.sites.set(site.id, site)
    server.emit('site.created', { site })
  },
  (server, turn, pick) => {
    const old = server.sites.get(siteIds[pick(3)] ?? '')
    if (!old) return
    const site = { ...old, pausedAt: old.pausedAt ? null : minute(turn), version: old.version + 1 }
    server.sites.set(site.id, site)
    server.emit(site.pausedAt ? 'site.paused' : 'site.resumed', { site })
  },
  (server, turn, pick) => {
    const site = server.sites.get(siteIds[pick(3)] ?? '')
    if (!site) return
    const threat = threatOf(turn, { siteId: site.id, firstSeenAt: minute(pick(turn + 1)) })
    server.threats.set(threat.id, threat)
    server.emit('threat.detected', { threat, site })
    const health = healthOf(Math.max(0, site.health.score - 10))
    const counted = { ...site, threats: { ...site.threats, high: site.threats.high + 1 }, health }
    server.sites.set(site.id, counted)
    server.emit('threat.summary_changed', { siteId: site.id, summary: counted.threats, health })
  },
  (server, turn, pick) => {
    const old = [...server.threats.values()][pick(server.threats.size || 1)]
    const site = old && server.sites.get(old.siteId)
    if (!old || !site) return
    const threat = { ...old, state: states[pick(4)] ?? 'active', lastSeenAt: minute(turn) }
    server.threats.set(threat.id, threat)
    server.emit(threatEvents[threat.state], { threat, site })
  },
  (server, turn, pick) => {
    const site = server.sites.get(siteIds[pick(3)] ?? '')
    if (!site) return
    const scan = scanOf(turn, { siteId: site.id, queuedAt: minute(turn) })
    server.scans.set(scan.id, scan)
    server.emit('scan.queued', { scan })
  },
  (server, _turn, pick) => {
    const old = [...server.scans.values()][pick(server.scans.size || 1)]
    if (!old) return
    const scan: Scan = { ...old, state: old.state === 'queued' ? 'running' : 'completed', percentage: 100 }
    server.scans.set(scan.id, scan)
    server.emit(scan.state === 'running' ? 'scan.started' : 'scan.completed', { scan })
  },
  (server, _turn, pick) => {
    const siteId = siteIds[pick(12)]
    if (!siteId || !server.sites.delete(siteId)) return
    for (const rows of [server.threats, server.scans])
      for (const row of rows.values()) if (row.siteId === siteId) rows.delete(row.id)
    server.emit('site.deleted', { siteId })
  },
]

const minute = (turn: number) => new Date(Date.UTC(2026, 10, 1, 0, turn)).toISOString()

/** Numbers that look random and are the same on every run. */
function createPick(seed: number) {
  let state = seed
  return (max: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * max)
  }
}

describe('the law of screens: old snapshot + its events = new snapshot', () => {
  test.each(Array.from({ length: 40 }, (_, seed) => ({ seed })))('history $seed', ({ seed }) => {
    const pick = createPick(seed)
    const server = createServer()
    const lists = () => [
      server.siteList(),
      ...siteIds.flatMap((siteId) => [server.scanList(siteId), ...states.map((state) => server.threatList(siteId, state))]),
    ]
    const happen = (turn: number) => happenings[pick(happenings.length)]?.(server, turn, pick)
    for (let turn = 0; turn < 60; turn += 1) happen(turn)
    const before = lists()
    for (let turn = 60; turn < 120; turn += 1) happen(turn)
    // The whole journal is replayed: events that a list already shows must change nothing.
    expect(before.map((list) => server.journal.reduce(reduce, list))).toEqual(lists())
  })
})

describe('a list', () => {
  const site = siteOf(1)

  test('leaves to the next page what belongs there', () => {
    const list: SnapshotOf<'sites'> = {
      kind: 'sites',
      filter: null,
      page: { data: [siteOf(2, { createdAt: minute(5) })], nextCursor: 'more', asOf: 1 },
    }
    const older = eventOf(2, 'site.updated', { site: siteOf(1, { createdAt: minute(1) }) })
    const newer = eventOf(3, 'site.created', { site: siteOf(3, { createdAt: minute(9) }) })
    const after = [older, newer].reduce<Snapshot>(reduce, list)
    expect(after.page.data).toEqual([siteOf(3, { createdAt: minute(9) }), siteOf(2, { createdAt: minute(5) })])
    expect(after.page.asOf).toBe(3)
  })

  test('shows progress of a running scan, and none of one that is over', () => {
    const tick = eventOf(null, 'scan.progressed', {
      scanId: scanOf(1).id,
      siteId: site.id,
      percentage: 40,
      step: 'Reading pages',
      pagesDone: 4,
      pagesTotal: 10,
    })
    const list = (state: Scan['state']): Snapshot => ({
      kind: 'scans',
      filter: { siteId: site.id },
      page: { data: [scanOf(1, { siteId: site.id, state })], nextCursor: null, asOf: 7 },
    })
    expect(reduce(list('running'), tick).page).toMatchObject({ data: [{ percentage: 40, step: 'Reading pages' }], asOf: 7 })
    expect(reduce(list('completed'), tick)).toEqual(list('completed'))
  })
  test('shows how far each part of a scan is, and not of one that is over', () => {
    const { id: executionId, scanId } = executionOf(1)
    const where = { executionId, scanId, siteId: site.id, agent: 'security' as const }
    const tick = eventOf(null, 'execution.progressed', { ...where, percentage: 30, step: 'Judging scripts' })
    const list = (status: Execution['status']): Snapshot => ({
      kind: 'executions',
      filter: { siteId: site.id },
      page: { data: [executionOf(1, { status })], nextCursor: null, asOf: 7 },
    })
    const progress = { percentage: 30, step: 'Judging scripts' }
    expect(reduce(list('running'), tick).page).toMatchObject({ data: [{ progress }], asOf: 7 })
    expect(reduce(list('failed'), tick)).toEqual(list('failed'))
    const finished = eventOf(null, 'execution.finished', { execution: executionOf(1, { status: 'completed' }) })
    expect([tick, finished].reduce<Snapshot>(reduce, list('running'))).toEqual(list('completed'))
  })

  test('that was searched takes in only what the search would find', () => {
    const list: Snapshot = {
      kind: 'keywords',
      filter: { siteId: site.id, phrase: ' Red' },
      page: { data: [], nextCursor: null, asOf: 1 },
    }
    const red = keywordOf(1, { phrase: 'red shoes' })
    const events = [red, keywordOf(2, { phrase: 'blue shoes' }), keywordOf(3, { phrase: 'red hats', siteId: siteOf(2).id })].map(
      (keyword, index) => eventOf(index + 2, 'keyword.created', { keyword }),
    )
    const after = events.reduce<Snapshot>(reduce, list)
    expect(after.page).toEqual({ data: [red], nextCursor: null, asOf: 4 })
    expect(reduce(after, eventOf(5, 'keyword.deleted', { siteId: site.id, keywordId: red.id })).page.data).toEqual([])
  })

  test('of sources shows what a test has come to, and forgets what was disconnected', () => {
    const list: Snapshot = {
      kind: 'sources',
      filter: { siteId: site.id },
      page: { data: [sourceOf(2), sourceOf(1)], nextCursor: null, asOf: 1 },
    }
    const tested = sourceOf(1, {
      version: 2,
      lastTest: { result: 'failed', reason: 'credentials', detail: 'The key is not known.', at: minute(1) },
    })
    const elsewhere = sourceOf(3, { siteId: siteOf(2).id })
    const events = [
      eventOf(2, 'source.updated', { source: tested }),
      eventOf(3, 'source.created', { source: elsewhere }),
      eventOf(4, 'source.deleted', { siteId: site.id, sourceId: sourceOf(2).id }),
    ]
    expect(events.reduce<Snapshot>(reduce, list).page).toEqual({ data: [tested], nextCursor: null, asOf: 4 })
  })
})
