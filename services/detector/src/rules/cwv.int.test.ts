import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { FormFactor } from '@tocsin/contract/vitals'
import { createSite } from '@tocsin/domain/sites/sites'
import { recordVerdicts } from '@tocsin/domain/threats/record'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { recordCrux } from '@tocsin/domain/vitals/crux'
import { recordVitals } from '@tocsin/domain/vitals/record'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createRandom } from '@tocsin/testkit/random'
import { views } from '@tocsin/testkit/simulated-vitals'
import { withConfigs } from '../data-pass.ts'
import { cwvBand } from './cwv-band.ts'
import { cwvCruxRegress } from './cwv-crux-regress.ts'
import { cwvRumRegress } from './cwv-rum-regress.ts'
import { type DataContext, type DataRule, type Verdict, watchKey } from './verdict.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
let random: () => number
beforeEach(async () => {
  world = await openTestFoundation()
  random = createRandom(7)
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
})
afterEach(() => world.close())

/** A day of page views, eight hours of it, the last of them `ago` days before now. */
async function visit(ago: number, shift: number, more: { form?: FormFactor; template?: string; n?: number } = {}): Promise<void> {
  const { form = 'phone', template = '/p/{slug}', n = 800 } = more
  const cells = Array.from({ length: 8 }, (_, hour) => ({
    siteId,
    hour: new Date(Math.floor(world.clock.now().getTime() / hourMs) * hourMs - ago * dayMs - hour * hourMs),
    metric: 'LCP' as const,
    form,
    template,
    histogram: views(random, 'LCP', n / 8, shift),
  }))
  await world.change(orgId, (change) => recordVitals(change, { cells, judge: [siteId] }))
}

async function assess(rule: DataRule, watched: readonly string[] = []): Promise<Verdict[]> {
  const context: DataContext = {
    site: { id: siteId, url: 'https://shop.example/' },
    now: world.clock.now(),
    watched: new Map(watched.map((subject) => [watchKey(rule.spec.id, subject), 'open'])),
    config: defaultConfigs,
  }
  const verdicts = await world.journal.read(orgId, (sql) => rule.assess(sql, context))
  for (const verdict of verdicts) {
    expect(verdict).toMatchObject({ conclusive: true, look: { kind: 'data', urls: [] } })
    if (verdict.level !== 'bad') continue
    const stored: unknown = JSON.parse(JSON.stringify(verdict.evidence))
    expect(JSON.stringify(stored).length).toBeLessThan(32 * 1024)
    const replayed = rule.replay(stored as Record<string, unknown>, { config: defaultConfigs, now: context.now })
    expect(replayed).toEqual({ level: 'bad', severity: verdict.severity })
  }
  await world.change(orgId, (change) =>
    recordVerdicts(change, { siteId, scanId: null, verdicts: withConfigs(verdicts, context), complete: false }),
  )
  return verdicts
}
const threats = async () =>
  (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 50 }))).data.map(({ rule, subject, state }) => [
    rule,
    subject,
    state,
  ])
/** A day passes, and it is judged what came. */
async function tomorrow(): Promise<void> {
  world.clock.advance(dayMs)
}

test('pages that got slower for visitors: one threat, which ends when they are as before', async () => {
  const subject = 'LCP:/p/{slug}'
  for (let ago = 9; ago > 0; ago -= 1) for (const form of ['phone', 'desktop'] as const) await visit(ago, 0, { form })
  for (let ago = 9; ago >= 0; ago -= 1) await visit(ago, 0, { template: '/' })
  await visit(0, 0, { form: 'desktop' })
  await visit(0, Math.log(1.4))
  const [verdict, ...others] = await assess(cwvRumRegress)
  expect(others).toEqual([])
  expect(verdict).toMatchObject({
    subject,
    level: 'bad',
    severity: 'high',
    title: expect.stringContaining('worse on phones: /p/{slug}'),
  })
  // It stays so for two weeks: what came after the fault is not what was normal before it.
  for (let day = 0; day < 14; day += 1) {
    await tomorrow()
    await visit(0, Math.log(1.4))
    expect(await assess(cwvRumRegress, [subject])).toMatchObject([{ subject, level: 'bad' }])
  }
  expect(await threats()).toEqual([['cwv.rum_regress', subject, 'active']])
  await tomorrow()
  await visit(0, -0.02)
  expect(await assess(cwvRumRegress, [subject])).toMatchObject([{ subject, level: 'ok' }])
  expect(await threats()).toEqual([['cwv.rum_regress', subject, 'resolved']])
})

test('nobody came: what is open stays open', async () => {
  expect(await assess(cwvRumRegress, ['LCP:/gone'])).toMatchObject([{ subject: 'LCP:/gone', level: 'unknown' }])
  expect(await assess(cwvBand, ['LCP:phone:/gone'])).toMatchObject([{ subject: 'LCP:phone:/gone', level: 'unknown' }])
  expect(await assess(cwvCruxRegress, ['LCP:phone:/gone'])).toMatchObject([{ level: 'unknown' }])
})

test('a vital that leaves its band for two days: one threat; back for two days: none', async () => {
  const subject = 'LCP:phone:/p/{slug}'
  for (let ago = 9; ago > 0; ago -= 1) await visit(ago, -0.25)
  const seen: string[] = []
  for (const shift of [0.2, 0.2, 0.2, -0.25, -0.25]) {
    await visit(0, shift)
    // Days count when they have ended.
    await tomorrow()
    const verdicts = await assess(cwvBand, seen.includes('bad') ? [subject] : [])
    seen.push(...verdicts.map(({ level }) => level))
  }
  expect(seen).toEqual(['bad', 'bad', 'unknown', 'ok'])
  expect(await threats()).toEqual([['cwv.band', subject, 'resolved']])
})

test('the Chrome UX Report: its bands, and what got worse from one period to the next', async () => {
  const tell = async (week: number, p75: number, goodShare: number) => {
    const last = Date.parse('2025-12-01') + week * 7 * dayMs
    const iso = (time: number) => new Date(time).toISOString().slice(0, 10)
    const record = {
      target: 'https://shop.example',
      form: 'phone' as const,
      metric: 'LCP' as const,
      p75,
      goodShare,
      poorShare: 0.05,
    }
    const records = [{ ...record, firstDay: iso(last - 27 * dayMs), lastDay: iso(last) }]
    await world.change(orgId, (change) => recordCrux(change, { siteId, records }))
  }
  const subject = 'LCP:phone:https://shop.example'
  for (let week = 0; week < 6; week += 1) await tell(week, 2_300, 0.79)
  expect([...(await assess(cwvBand)), ...(await assess(cwvCruxRegress))]).toEqual([])
  await tell(6, 2_700, 0.7)
  expect(await assess(cwvBand)).toEqual([])
  expect(await assess(cwvCruxRegress)).toMatchObject([{ subject, level: 'bad', severity: 'medium' }])
  await tell(7, 2_800, 0.68)
  expect(await assess(cwvBand)).toMatchObject([{ subject, level: 'bad', severity: 'medium' }])
  expect(await assess(cwvCruxRegress, [subject])).toMatchObject([{ subject, level: 'bad' }])
  await tell(8, 2_500, 0.75)
  expect(await assess(cwvCruxRegress, [subject])).toMatchObject([{ subject, level: 'ok' }])
  await tell(9, 2_300, 0.79)
  expect(await assess(cwvBand, [subject])).toMatchObject([{ subject, level: 'unknown' }])
  await tell(10, 2_300, 0.79)
  expect(await assess(cwvBand, [subject])).toMatchObject([{ subject, level: 'ok' }])
  expect((await threats()).map(([rule, , state]) => `${rule} ${state}`).sort((a, b) => (a < b ? -1 : 1))).toEqual([
    'cwv.band resolved',
    'cwv.crux_regress resolved',
  ])
})
