import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Scan } from '@tocsin/contract/api/scans'
import { type Site, SiteInput } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { newId, type OrgId, type ScanId, type SiteId, type ThreatId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { claimScan } from './scans/claim.ts'
import { listScans } from './scans/scans.read.ts'
import { beginScan, cancelScan, completeScan, failScan, startScan } from './scans/scans.ts'
import { listSites } from './sites/sites.read.ts'
import { createSite, deleteSite, pauseSite, resumeSite, setBaseline, takeDueSite, updateSite } from './sites/sites.ts'
import { claimLooks } from './threats/looks.read.ts'
import { recordLook, recordVerdicts, type SeenVerdict } from './threats/record.ts'
import { listThreats } from './threats/threats.read.ts'
import { acceptThreat, acknowledgeThreat, resolveThreat } from './threats/threats.ts'

/** What a screen holds. That a fault is still there (occurrences, last seen) and how far a scan is are no events, so they are left out. */
interface Screen {
  sites: Record<SiteId, Site>
  scans: Record<ScanId, Scan>
  threats: Record<ThreatId, Omit<Threat, 'occurrences' | 'lastSeenAt'>>
}

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
})
afterAll(() => world.close())

const byId = <Item extends { id: string }>(items: Item[]): Record<string, Item> =>
  Object.fromEntries(items.map((item) => [item.id, item]))
function steady(threat: Threat): Screen['threats'][ThreatId] {
  const { occurrences: _occurrences, lastSeenAt: _lastSeenAt, ...rest } = threat
  return rest
}

function snapshot(): Promise<Screen> {
  return world.journal.read(orgId, async (sql) => ({
    sites: byId((await listSites(sql, { limit: 100 })).data),
    scans: byId((await listScans(sql, { limit: 100 })).data),
    threats: byId((await listThreats(sql, { limit: 100 })).data.map(steady)),
  }))
}

function apply(screen: Screen, event: OrgEvent): Screen {
  const { type, data } = event
  if (type === 'site.deleted') return withoutSite(screen, data.siteId)
  if (type === 'threat.summary_changed') {
    const site = screen.sites[data.siteId]
    return site
      ? { ...screen, sites: { ...screen.sites, [site.id]: { ...site, threats: data.summary, health: data.health } } }
      : screen
  }
  // Of the numbered events of these slices, those about a threat carry the site's name as well.
  if ('threat' in data) return { ...screen, threats: { ...screen.threats, [data.threat.id]: steady(data.threat) } }
  if ('site' in data) return { ...screen, sites: { ...screen.sites, [data.site.id]: data.site } }
  if ('scan' in data) return { ...screen, scans: { ...screen.scans, [data.scan.id]: data.scan } }
  throw new Error(`${type} is none of these slices.`)
}

function withoutSite(screen: Screen, siteId: SiteId): Screen {
  const { [siteId]: _, ...sites } = screen.sites
  return {
    sites,
    scans: byId(Object.values(screen.scans).filter((scan) => scan.siteId !== siteId)),
    threats: byId(Object.values(screen.threats).filter((threat) => threat.siteId !== siteId)),
  }
}

/** Does the work and proves the law for it. */
async function lawful<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
  const before = await snapshot()
  let result: Result | undefined
  const events = await world.eventsDuring(orgId, async () => {
    result = await world.change(orgId, work)
  })
  expect(events.reduce(apply, before)).toEqual(await snapshot())
  if (result === undefined) throw new Error('The work has no result.')
  return result
}

const seen = (level: SeenVerdict['level'], subject: string, more: Partial<SeenVerdict> = {}): SeenVerdict => ({
  rule: 'http.404_new',
  subject,
  level,
  severity: 'medium',
  title: 'Page is gone',
  description: 'It answers 404.',
  evidence: {},
  look: {},
  ...more,
})

test('old snapshot + events = new snapshot, verb by verb through the life of a site', async () => {
  const site = await lawful((change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  const siteId = site.id
  await lawful((change) => updateSite(change, { siteId, changes: { name: 'Shop', scanIntervalHours: 4 }, ifVersion: null }))
  await lawful((change) => pauseSite(change, { siteId }))
  await lawful((change) => resumeSite(change, { siteId }))
  await lawful((change) => takeDueSite(change, { siteId }))

  const cancelled = await lawful((change) => startScan(change, { siteId, trigger: 'manual' }))
  await lawful((change) => cancelScan(change, { scanId: cancelled.id }))
  const lost = await begun(siteId)
  await lawful((change) => failScan(change, { ...lost, failure: 'lost' }))

  const { scanId } = await begun(siteId)
  const subjects = ['a', 'b', 'c', 'd'].map((page) => `https://shop.example/${page}`)
  await lawful(async (change) => {
    await recordVerdicts(change, { siteId, scanId, verdicts: [seen('bad', 'https://shop.example/old')], complete: true })
    await setBaseline(change, { siteId })
    const counts = { pagesDone: 5, pagesTotal: 5, threatsFound: 0, suspected: 0 }
    return completeScan(change, { scanId, complete: true, baseline: true, ...counts })
  })
  const record = (verdicts: SeenVerdict[]) =>
    lawful((change) => recordVerdicts(change, { siteId, scanId: newId('scan'), verdicts, complete: true }))
  await record(subjects.map((subject) => seen('bad', subject)))
  expect(await look(siteId, seen('bad', ''))).toBe(4)
  await record(subjects.map((subject) => seen('bad', subject)))
  await record(subjects.map((subject) => seen('bad', subject, { severity: 'high', title: 'Many pages are gone' })))
  for (const importance of [9, 7])
    await record(subjects.map((subject) => seen('bad', subject, { title: 'Still gone', evidence: { importance } })))

  const [a, b, c] = Object.values((await snapshot()).threats)
  if (!a || !b || !c) throw new Error('Nothing was confirmed.')
  await lawful((change) => acknowledgeThreat(change, { threatId: a.id, note: 'Mine' }))
  await lawful((change) => acceptThreat(change, { threatId: b.id, note: null }))
  await lawful((change) => resolveThreat(change, { threatId: c.id, note: null }))
  await record(subjects.map((subject) => seen('ok', subject)))
  world.clock.advance(600_000)
  expect(await look(siteId, seen('ok', ''))).toBe(2)
  expect(
    Object.values((await snapshot()).threats)
      .map((threat) => threat.state)
      .sort(),
  ).toEqual(['accepted', 'resolved', 'resolved', 'resolved'])
  const wavering = (level: SeenVerdict['level'], importance: number) =>
    record([seen(level, 'https://shop.example/e', { conclusive: true, evidence: { importance } })])
  for (const level of ['bad', 'ok', 'bad', 'ok', 'bad', 'ok'] as const) await wavering(level, level === 'bad' ? 9 : 1)
  expect(Object.values((await snapshot()).threats).map((threat) => threat.flapping)).toContain(true)
  await lawful((change) => deleteSite(change, { siteId }).then(() => true))
  expect(await snapshot()).toEqual({ sites: {}, scans: {}, threats: {} })
})

async function begun(siteId: SiteId): Promise<{ scanId: ScanId; token: string }> {
  const { id: scanId } = await lawful((change) => startScan(change, { siteId, trigger: 'schedule' }))
  const now = world.clock.now()
  const leaseUntil = new Date(now.getTime() + 45_000)
  await world.db.transaction('installation', (sql) => claimScan(sql, { now, leaseUntil, token: 'token' }))
  await lawful((change) => beginScan(change, { scanId, token: 'token' }))
  return { scanId, token: 'token' }
}

async function look(siteId: SiteId, verdict: SeenVerdict): Promise<number> {
  world.clock.advance(60_000)
  const now = world.clock.now()
  const claim = { now, leaseUntil: new Date(now.getTime() + 45_000), token: 'token', limit: 100 }
  const rows = await world.db.transaction('installation', (sql) => claimLooks(sql, claim))
  for (const { threatId } of rows) await lawful((change) => recordLook(change, { siteId, threatId, token: 'token', verdict }))
  return rows.length
}
