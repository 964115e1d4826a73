import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId, type SiteId, type ThreatId } from '@tocsin/contract/ids'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { getSite } from '../sites/sites.read.ts'
import { createSite, setBaseline } from '../sites/sites.ts'
import { evidenceBytesMax } from './evidence.ts'
import { claimLooks } from './looks.read.ts'
import { newFindingsMax, recordLook, recordVerdicts, releaseLook, type SeenVerdict } from './record.ts'
import { getThreat, listThreats } from './threats.read.ts'
import { acceptThreat, acknowledgeThreat, resolveThreat } from './threats.ts'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())
beforeEach(async () => {
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
})

const seconds = (count: number) => world.clock.advance(count * 1000)
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
const baseline = () => world.change(orgId, (change) => setBaseline(change, { siteId }))
const scan = (verdicts: SeenVerdict[], complete = true) =>
  world.change(orgId, (change) => recordVerdicts(change, { siteId, scanId: newId('scan'), verdicts, complete }))
const threats = async (state?: 'hygiene') =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, state }))).data
const summary = async () => (await world.journal.read(orgId, (sql) => getSite(sql, siteId))).threats

async function claimDue(token: string): Promise<ThreatId[]> {
  const now = world.clock.now()
  const claim = { now, leaseUntil: new Date(now.getTime() + 45_000), token, limit: 100 }
  const rows = await world.db.transaction('installation', (sql) => claimLooks(sql, claim))
  return rows.filter((row) => row.orgId === orgId).map((row) => row.threatId)
}
/** Makes every look that is due now; answers how many there were. */
async function look(seen: SeenVerdict | null): Promise<number> {
  const claimed = await claimDue('token')
  for (const threatId of claimed)
    await world.change(orgId, (change) => recordLook(change, { siteId, threatId, token: 'token', verdict: seen }))
  return claimed.length
}
const typesDuring = async (work: () => Promise<unknown>) => (await world.eventsDuring(orgId, work)).map((event) => event.type)

describe("a threat's life", () => {
  beforeEach(baseline)

  test('is seen, confirmed on a second look, repeated in silence, and gone after it was well twice', async () => {
    expect(await typesDuring(() => scan([verdict('bad')]))).toEqual([])
    expect(await threats()).toEqual([])
    expect(await look(verdict('bad'))).toBe(0)
    seconds(60)
    expect(await typesDuring(() => look(verdict('bad')))).toEqual(['threat.detected', 'threat.summary_changed'])
    expect(await threats()).toMatchObject([
      { state: 'active', occurrences: 2, subject: 'https://shop.example/', severity: 'high' },
    ])
    expect(await summary()).toEqual({ critical: 0, high: 1, medium: 0, low: 0 })
    seconds(21_600)
    expect(await typesDuring(() => scan([verdict('bad')]))).toEqual([])
    expect(await threats()).toMatchObject([{ occurrences: 3, lastSeenAt: world.clock.now().toISOString() }])
    seconds(21_600)
    expect(await typesDuring(() => scan([verdict('ok')]))).toEqual([])
    seconds(599)
    expect(await look(verdict('ok'))).toBe(0)
    seconds(1)
    expect(await typesDuring(() => look(verdict('ok')))).toEqual(['threat.resolved', 'threat.summary_changed'])
    expect(await threats()).toMatchObject([{ state: 'resolved', resolvedAt: world.clock.now().toISOString() }])
    expect(await summary()).toEqual({ critical: 0, high: 0, medium: 0, low: 0 })
  })

  test('ends before it began when the second and third looks are well', async () => {
    await scan([verdict('bad')])
    seconds(60)
    expect(await look(verdict('ok'))).toBe(1)
    seconds(540)
    expect(await typesDuring(() => look(verdict('ok')))).toEqual([])
    seconds(86_400)
    expect(await look(verdict('bad'))).toBe(0)
    expect(await threats()).toEqual([])
  })

  test('never begins from what cannot be measured', async () => {
    await scan([verdict('unknown')])
    expect(await claimDue('none')).toEqual([])
    await scan([verdict('bad')])
    let looks = 0
    for (let minute = 0; minute < 180; minute++) {
      seconds(60)
      looks += await look(null)
    }
    expect(looks).toBe(5)
    expect(await threats()).toEqual([])
  })

  test('shows its looks and its evidence, bounded', async () => {
    const evidence = { status: 500, body: `\0${'€'.repeat(40_000)}\ud800` }
    await scan([verdict('bad', { evidence })])
    seconds(60)
    await look(verdict('bad', { evidence }))
    for (let n = 0; n < 30; n++) await scan([verdict(n % 2 ? 'bad' : 'ok', { evidence })])
    const [threat] = await threats()
    const detail = await world.journal.read(orgId, (sql) => getThreat(sql, threat?.id ?? newId('threat')))
    expect(detail.looks).toHaveLength(20)
    expect(detail.evidence).toMatchObject({ status: 500, truncated: true })
    expect(Buffer.byteLength(JSON.stringify(detail.evidence))).toBeLessThanOrEqual(evidenceBytesMax)
  })

  test('is told again when it grows worse, milder or reads differently, and only then', async () => {
    await open()
    expect(await typesDuring(() => scan([verdict('bad', { severity: 'critical' })]))).toEqual([
      'threat.updated',
      'threat.summary_changed',
    ])
    expect(await typesDuring(() => scan([verdict('bad', { severity: 'low' })]))).toEqual([
      'threat.updated',
      'threat.summary_changed',
    ])
    expect(await typesDuring(() => scan([verdict('bad', { severity: 'low', title: '12 pages' })]))).toEqual(['threat.updated'])
    expect(await typesDuring(() => scan([verdict('bad', { severity: 'low', title: '12 pages' })]))).toEqual([])
  })

  test('is asked for by itself when a complete scan says nothing about it', async () => {
    await open()
    await scan([], false)
    expect(await claimDue('incomplete')).toEqual([])
    await scan([], true)
    expect(await look(verdict('ok'))).toBe(1)
    seconds(600)
    expect(await typesDuring(() => look(verdict('ok')))).toEqual(['threat.resolved', 'threat.summary_changed'])
  })
})

describe('by hand', () => {
  beforeEach(baseline)

  test('an acknowledged threat resolves by itself', async () => {
    const threatId = await open()
    const acknowledge = () => world.change(orgId, (change) => acknowledgeThreat(change, { threatId, note: 'On it' }))
    expect(await typesDuring(acknowledge)).toEqual(['threat.acknowledged'])
    expect(await typesDuring(acknowledge)).toEqual([])
    await scan([verdict('ok')])
    seconds(600)
    expect(await typesDuring(() => look(verdict('ok')))).toEqual(['threat.resolved', 'threat.summary_changed'])
    expect(await threats()).toMatchObject([{ state: 'resolved', note: 'On it' }])
  })

  test('a resolved threat opens anew when the fault is seen again', async () => {
    const threatId = await open()
    await world.change(orgId, (change) => resolveThreat(change, { threatId, note: null }))
    expect(await summary()).toMatchObject({ high: 0 })
    const again = await open()
    expect(again).not.toBe(threatId)
    expect(await threats()).toMatchObject([{ state: 'active' }, { state: 'resolved' }])
  })

  test('an accepted threat stays silent', async () => {
    const threatId = await open()
    const accept = () => world.change(orgId, (change) => acceptThreat(change, { threatId, note: null }))
    expect(await typesDuring(accept)).toEqual(['threat.accepted', 'threat.summary_changed'])
    expect(await typesDuring(() => scan([verdict('bad', { severity: 'critical' })]))).toEqual([])
    seconds(86_400)
    expect(await look(verdict('bad'))).toBe(0)
    expect(await threats()).toMatchObject([{ state: 'accepted', severity: 'high' }])
  })

  test('what is over cannot be acknowledged or accepted, and what is suspected is not there', async () => {
    const threatId = await open()
    await world.change(orgId, (change) => resolveThreat(change, { threatId, note: null }))
    for (const act of [acknowledgeThreat, acceptThreat])
      await expect(world.change(orgId, (change) => act(change, { threatId, note: null }))).rejects.toMatchObject({
        code: 'conflict',
      })
    const unknown = { threatId: newId('threat'), note: null }
    await expect(world.change(orgId, (change) => resolveThreat(change, unknown))).rejects.toMatchObject({ code: 'not_found' })
    await scan([verdict('bad')])
    seconds(60)
    const [suspected] = await claimDue('token')
    const hidden = { threatId: suspected ?? threatId, note: null }
    await expect(world.change(orgId, (change) => acceptThreat(change, hidden))).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the first scan', () => {
  test('opens critical threats only; the rest is hygiene, shown on request', async () => {
    const found = await scan([verdict('bad', { severity: 'critical' }), verdict('bad', { subject: 'https://shop.example/b' })])
    expect(found).toEqual({ threatsFound: 0, suspected: 1, dropped: 0 })
    expect(await threats('hygiene')).toMatchObject([{ state: 'hygiene', subject: 'https://shop.example/b' }])
    await baseline()
    seconds(60)
    expect(await typesDuring(() => look(verdict('bad', { severity: 'critical' })))).toEqual([
      'threat.detected',
      'threat.summary_changed',
    ])
    expect(await threats()).toMatchObject([{ severity: 'critical' }])
  })

  test('leaves hygiene that goes away in silence, and is news when it comes back', async () => {
    await scan([verdict('bad')])
    await baseline()
    await scan([verdict('ok')])
    seconds(600)
    expect(await typesDuring(() => look(verdict('ok')))).toEqual([])
    expect(await threats('hygiene')).toEqual([])
    await open()
    expect(await threats()).toMatchObject([{ state: 'active' }])
  })

  test('of a site that is wrong everywhere keeps the most severe findings, and no more than so many', async () => {
    const many = Array.from({ length: newFindingsMax + 50 }, (_, n) =>
      verdict('bad', { subject: `https://shop.example/${n}`, severity: n % 2 ? 'low' : 'high' }),
    )
    expect(await scan(many)).toMatchObject({ dropped: 50 })
    const { rows } = await world.change(orgId, (change) =>
      change.tx.query('select count(*) filter (where severity = $1) as high from threat', ['high']),
    )
    expect(rows).toEqual([{ high: newFindingsMax / 2 + 25 }])
  })
})

describe('two at once', () => {
  beforeEach(baseline)

  test('two scans that see the same fault make one threat', async () => {
    await Promise.all([scan([verdict('bad')]), scan([verdict('bad')]), scan([verdict('bad'), verdict('bad')])])
    seconds(60)
    expect(await look(verdict('bad'))).toBe(1)
    expect(await threats()).toHaveLength(1)
  })

  test('a detector whose lease has run out records nothing', async () => {
    await scan([verdict('bad')])
    seconds(60)
    const [threatId = newId('threat')] = await claimDue('dead')
    expect(await claimDue('early')).toEqual([])
    seconds(45)
    expect(await claimDue('heir')).toEqual([threatId])
    const record = (token: string) =>
      world.change(orgId, (change) => recordLook(change, { siteId, threatId, token, verdict: verdict('bad') }))
    expect(await record('dead')).toBe(false)
    expect(await threats()).toEqual([])
    expect(await record('heir')).toBe(true)
    expect(await record('heir')).toBe(false)
    expect(await threats()).toHaveLength(1)
  })

  test('a look that is given back is made by the next detector at once', async () => {
    await scan([verdict('bad')])
    seconds(60)
    const [threatId = newId('threat')] = await claimDue('leaving')
    await world.change(orgId, (change) => releaseLook(change, { threatId, token: 'leaving' }))
    expect(await claimDue('next')).toEqual([threatId])
  })
})

async function open(): Promise<ThreatId> {
  await scan([verdict('bad')])
  seconds(60)
  await look(verdict('bad'))
  const [threat] = await threats()
  if (!threat) throw new Error('Not confirmed.')
  return threat.id
}
