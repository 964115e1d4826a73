import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { readSiteHealth } from '../sites/sites.read.ts'
import { createSite, deleteSite, setBaseline } from '../sites/sites.ts'
import { claimLooks } from './looks.read.ts'
import { recordLook, recordVerdicts, type SeenVerdict } from './record.ts'
import { listThreats } from './threats.read.ts'
import { acceptThreat } from './threats.ts'

let world: TestFoundation
let orgId: OrgId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
})

async function watchedSite(org = orgId): Promise<SiteId> {
  return world.change(org, async (change) => {
    const { id } = await createSite(change, SiteInput.parse({ url: `https://${newId('site').slice(5)}.example/` }))
    await setBaseline(change, { siteId: id })
    return id
  })
}
const verdict = (level: SeenVerdict['level'], more: Partial<SeenVerdict> = {}): SeenVerdict => ({
  rule: 'http.5xx',
  subject: 'https://shop.example/',
  level,
  severity: 'high',
  title: 'Page answers 500',
  description: 'It answered 500.',
  evidence: { status: level === 'bad' ? 500 : 200 },
  look: { kind: 'page', urls: ['https://shop.example/'] },
  ...more,
})
const see = (siteId: SiteId, verdicts: SeenVerdict[], org = orgId) =>
  world.change(org, (change) => recordVerdicts(change, { siteId, scanId: newId('scan'), verdicts, complete: true }))
const threatsOf = async (siteId: SiteId) =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, siteId }))).data

/** Makes the looks that are due after so many seconds, of all orgs. */
async function lookAfter(seconds: number, seen: SeenVerdict): Promise<void> {
  world.clock.advance(seconds * 1000)
  const now = world.clock.now()
  const claim = { now, leaseUntil: new Date(now.getTime() + 45_000), token: 'token', limit: 1_000 }
  const claimed = await world.db.transaction('installation', (sql) => claimLooks(sql, claim))
  for (const { orgId: org, threatId } of claimed) {
    const siteId = await world.journal.read(org, async (sql) => {
      const { rows } = await sql.query<{ siteId: SiteId }>('select site_id as "siteId" from threat where id = $1', [threatId])
      return rows[0]?.siteId
    })
    if (siteId) await world.change(org, (change) => recordLook(change, { siteId, threatId, token: 'token', verdict: seen }))
  }
}

test('many sites that turn bad at once make the detector doubt itself; what is still bad when it looks again is told', async () => {
  const others = await world.newOrg()
  const sites = await Promise.all(Array.from({ length: 6 }, () => watchedSite()))
  const foreign = await watchedSite(others)
  await see(foreign, [verdict('bad')], others)
  for (const siteId of sites) await see(siteId, [verdict('bad')])
  const held = await world.eventsDuring(orgId, () => lookAfter(60, verdict('bad')))
  // Once for an org, however many sites.
  expect(held.map(({ type }) => type)).toEqual(['system.degraded'])
  // A share, and not how many sites others have.
  expect(JSON.stringify(held[0]?.data)).toMatch(/"\d+ % of all sites[^0-9]*"/)
  const later = await world.eventsDuring(orgId, () => lookAfter(600, verdict('bad')))
  expect(later.filter(({ type }) => type === 'threat.detected')).toHaveLength(6)
  expect(later.filter(({ type }) => type === 'system.recovered')).toHaveLength(1)
})

test('a doubt about sites that were deleted meanwhile is over with the next scan', async () => {
  const sites = await Promise.all(Array.from({ length: 6 }, () => watchedSite()))
  for (const siteId of sites) await see(siteId, [verdict('bad')])
  const doubted = await world.eventsDuring(orgId, () => lookAfter(60, verdict('bad')))
  expect(doubted.map(({ type }) => type)).toEqual(['system.degraded'])
  for (const siteId of sites) await world.change(orgId, (change) => deleteSite(change, { siteId }))
  const well = await watchedSite()
  const events = await world.eventsDuring(orgId, () => see(well, [verdict('ok')]))
  expect(events.map(({ type }) => type)).toEqual(['system.recovered'])
})

test('what was ours and not theirs opens nothing', async () => {
  const sites = await Promise.all(Array.from({ length: 20 }, () => watchedSite()))
  for (const siteId of sites) await see(siteId, [verdict('bad')])
  await lookAfter(60, verdict('bad'))
  const later = await world.eventsDuring(orgId, async () => {
    await lookAfter(600, verdict('ok'))
    await lookAfter(120, verdict('ok'))
  })
  expect(later.map(({ type }) => type)).toEqual(['system.recovered'])
  for (const siteId of sites) expect(await threatsOf(siteId)).toEqual([])
})

test('four sites of a hundred are their own fault', async () => {
  const sites = await Promise.all(Array.from({ length: 100 }, () => watchedSite()))
  for (const siteId of sites.slice(0, 4)) await see(siteId, [verdict('bad')])
  const events = await world.eventsDuring(orgId, () => lookAfter(60, verdict('bad')))
  expect(events.filter(({ type }) => type === 'threat.detected')).toHaveLength(4)
})

test('a threat that comes and goes is told five times, then no more', async () => {
  const siteId = await watchedSite()
  const flip = async (): Promise<string[]> => {
    const events = await world.eventsDuring(orgId, async () => {
      await see(siteId, [verdict('bad')])
      await lookAfter(60, verdict('bad'))
      await see(siteId, [verdict('ok')])
      await lookAfter(600, verdict('ok'))
    })
    return events.map(({ type }) => type).filter((type) => type !== 'threat.summary_changed')
  }
  expect(await flip()).toEqual(['threat.detected', 'threat.resolved'])
  expect(await flip()).toEqual(['threat.detected', 'threat.flapped'])
  expect(await flip()).toEqual([])
  expect(await flip()).toEqual([])
  expect(await threatsOf(siteId)).toMatchObject([
    { state: 'active', flapping: true },
    { state: 'resolved', flapping: false },
  ])
})

test('a flapping threat that is accepted is silent for ever, and nobody looks at it', async () => {
  const siteId = await watchedSite()
  for (let flip = 0; flip < 2; flip += 1) {
    await see(siteId, [verdict('bad')])
    await lookAfter(60, verdict('bad'))
    await see(siteId, [verdict('ok')])
    await lookAfter(600, verdict('ok'))
  }
  const [flapping] = await threatsOf(siteId)
  if (!flapping?.flapping) throw new Error('It does not flap.')
  const accepted = await world.change(orgId, (change) => acceptThreat(change, { threatId: flapping.id, note: null }))
  expect(accepted.flapping).toBe(false)
  const events = await world.eventsDuring(orgId, async () => {
    await see(siteId, [verdict('ok')])
    await lookAfter(2 * 86_400, verdict('bad'))
    await see(siteId, [verdict('bad', { severity: 'critical', title: 'It is down' })])
    await lookAfter(2 * 86_400, verdict('ok'))
  })
  expect(events).toEqual([])
  expect(await threatsOf(siteId)).toMatchObject([{ state: 'accepted', title: 'Page answers 500' }, { state: 'resolved' }])
})

test('what opens is linked to the open threat on the same page that explains it', async () => {
  const siteId = await watchedSite()
  const page = 'https://shop.example/shoes'
  await see(siteId, [verdict('bad', { rule: 'http.404_new', subject: page })])
  await lookAfter(60, verdict('bad', { rule: 'http.404_new', subject: page }))
  await see(siteId, [
    verdict('bad', { rule: 'link.broken', subject: page }),
    verdict('bad', { rule: 'link.broken', subject: 'https://shop.example/other' }),
  ])
  await lookAfter(60, verdict('bad', { rule: 'link.broken' }))
  const threats = await threatsOf(siteId)
  const cause = threats.find(({ rule }) => rule === 'http.404_new')
  const causes = new Map(threats.map(({ rule, subject, causeId }) => [`${rule} ${subject}`, causeId]))
  expect(causes.get(`link.broken ${page}`)).toBe(cause?.id)
  expect(causes.get('link.broken https://shop.example/other')).toBeNull()
  expect(causes.get(`http.404_new ${page}`)).toBeNull()
})

test('what opens together is linked as well, whichever comes first, and is told after its cause', async () => {
  const siteId = await watchedSite()
  const page = 'https://shop.example/shoes'
  const events = await world.eventsDuring(orgId, () =>
    see(
      siteId,
      ['rank.lost', 'idx.dropped', 'idx.noindex'].map((rule) =>
        verdict('bad', { rule, subject: rule === 'rank.lost' ? 'shoes:US' : page, evidence: { url: page }, conclusive: true }),
      ),
    ),
  )
  const detected = events.flatMap((event) => (event.type === 'threat.detected' ? [event.data.threat] : []))
  const [noindex] = detected
  expect(detected.map(({ rule, causeId }) => [rule, causeId])).toEqual([
    ['idx.noindex', null],
    ['idx.dropped', noindex?.id],
    ['rank.lost', noindex?.id],
  ])
})

test('health falls with what is open, weighs importance, counts an effect once and is kept by the hour', async () => {
  const siteId = await watchedSite()
  const from = world.clock.now()
  const health = () => world.journal.read(orgId, (sql) => readSiteHealth(sql, { siteId, from }))
  const open = async (more: Partial<SeenVerdict>) => {
    await see(siteId, [verdict('bad', { conclusive: true, ...more })])
    return (await health()).health
  }
  expect((await health()).health.score).toBe(100)
  const minor = await open({ subject: 'https://shop.example/a', severity: 'medium', evidence: { importance: 1 } })
  const major = await open({ subject: 'https://shop.example/b', severity: 'medium', evidence: { importance: 9 } })
  expect(100 - minor.score).toBeLessThan(minor.score - major.score)
  expect(major.byType).toMatchObject({ technical_error: major.score, security_issue: 100 })
  const effect = await open({ rule: 'link.broken', subject: 'https://shop.example/b', severity: 'medium' })
  expect(effect.score).toBe(major.score)
  world.clock.advance(3_600_000)
  const critical = await open({ rule: 'mixed', subject: 'https://shop.example/', severity: 'critical' })
  expect(critical.score).toBeLessThan(65)
  expect((await health()).data.map(({ score }) => score)).toEqual([major.score, critical.score])
})
