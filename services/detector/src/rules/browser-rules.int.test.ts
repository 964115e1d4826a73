import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import { claimVisit, recordVisit, releaseVisit } from '@tocsin/domain/browser/visits'
import { createSite } from '@tocsin/domain/sites/sites'
import { recordVerdicts } from '@tocsin/domain/threats/record'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { Told } from '../browser/page-facts.ts'
import { withConfigs } from '../data-pass.ts'
import { cwvLab } from './cwv-lab.ts'
import { idxNoindexJs } from './idx-noindex-js.ts'
import { type DataContext, type DataRule, type Verdict, watchKey } from './verdict.ts'

const dayMs = 86_400_000
const url = 'https://shop.example/'

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url })))).id
  await world.change(orgId, (change) =>
    change.tx.query('update site set baseline_at = $1', [new Date(change.now.getTime() - dayMs)]),
  )
})
afterEach(() => world.close())

const claim = (token = 'mine') => {
  const now = world.clock.now()
  return world.db.transaction('installation', (sql) =>
    claimVisit(sql, { now, leaseUntil: new Date(now.getTime() + 60_000), token }),
  )
}
interface Visit {
  readonly lcp?: number
  readonly dom?: readonly Told[]
  readonly html?: Told
  readonly conditions?: string
}
const plain: Told = { robots: [], canonical: null }

/** A day later, five loads. */
async function visit({ lcp = 2_000, dom = [plain, plain, plain], html = plain, conditions = 'usual' }: Visit): Promise<void> {
  world.clock.advance(dayMs)
  expect(await claim()).toEqual({ orgId, siteId })
  const runs = [0.96, 0.98, 1, 1.02, 1.04].map((factor, run) => {
    const measured = { LCP: lcp * factor, FCP: 900, CLS: 0.01, TTFB: 120, TBT: 80 }
    return { url, run, conditions, measured }
  })
  const pages = [{ url, importance: 8, seen: { status: 200, html, dom } }]
  expect(await world.change(orgId, (change) => recordVisit(change, { siteId, token: 'mine', runs, pages }))).toBe(true)
}

async function assess(rule: DataRule, isOpen = false): Promise<Verdict[]> {
  const watched: DataContext['watched'] = new Map(isOpen ? [[watchKey(rule.spec.id, url), 'open']] : [])
  const context = { site: { id: siteId, url }, now: world.clock.now(), watched, config: defaultConfigs }
  const verdicts = await world.journal.read(orgId, (sql) => rule.assess(sql, context))
  for (const verdict of verdicts)
    if (verdict.level === 'bad')
      expect(rule.replay(verdict.evidence, context)).toEqual({ level: 'bad', severity: verdict.severity })
  await world.change(orgId, (change) =>
    recordVerdicts(change, { siteId, scanId: null, verdicts: withConfigs(verdicts, context), complete: false }),
  )
  return verdicts
}

describe('the lab', () => {
  test('tells of a page that loads slower than in the days before, until it no longer does', async () => {
    await visit({})
    await visit({ lcp: 2_050 })
    await visit({ lcp: 3_000 })
    expect(await assess(cwvLab)).toMatchObject([{ subject: url, level: 'bad', severity: 'medium' }])
    // Days of the fault are not what was before it.
    for (let day = 0; day < 3; day += 1) {
      await visit({ lcp: 3_000 })
      expect(await assess(cwvLab, true)).toMatchObject([{ level: 'bad' }])
    }
    await visit({ lcp: 2_020 })
    expect(await assess(cwvLab, true)).toMatchObject([{ level: 'ok' }])
  })

  test('holds nothing against figures of another browser, or against a single visit', async () => {
    await visit({})
    await visit({ lcp: 4_000 })
    expect(await assess(cwvLab)).toEqual([])
    await visit({})
    await visit({ lcp: 4_000, conditions: 'a newer browser' })
    expect(await assess(cwvLab)).toEqual([])
  })

  test('says nothing of a page that was not loaded lately', async () => {
    await visit({})
    world.clock.advance(4 * dayMs)
    expect(await assess(cwvLab, true)).toMatchObject([{ level: 'unknown' }])
    expect(await assess(idxNoindexJs, true)).toMatchObject([{ level: 'unknown' }])
  })
})

describe('noindex by script', () => {
  const noindex: Told = { robots: ['noindex, follow'], canonical: null }
  const elsewhere: Told = { robots: [], canonical: 'https://shop.example/other' }
  const self: Told = { robots: ['index'], canonical: 'https://shop.example/?utm_source=x' }
  test.each([
    { what: 'in every load', dom: [noindex, noindex, noindex], level: 'bad' },
    { what: 'in most loads', dom: [noindex, plain, noindex], level: 'bad' },
    { what: 'in one load', dom: [noindex, plain, plain], level: 'unknown' },
    { what: 'only one load', dom: [noindex], level: 'unknown' },
    { what: 'a canonical elsewhere', dom: [elsewhere, elsewhere, elsewhere], level: 'bad' },
    { what: 'a canonical that leads here', dom: [self, self, self], level: 'ok' },
    { what: 'in the HTML already, which another rule tells', html: noindex, dom: [noindex, noindex, noindex], level: 'ok' },
    { what: 'a canonical that the HTML has', html: elsewhere, dom: [elsewhere, elsewhere, elsewhere], level: 'ok' },
    { what: 'taken out by scripts', html: noindex, dom: [plain, plain, plain], level: 'ok' },
  ])('$what: $level', async ({ dom, html = plain, level }) => {
    await visit({ dom, html })
    expect(await assess(idxNoindexJs, true)).toMatchObject([{ subject: url, level }])
    if (level === 'bad') expect(await assess(idxNoindexJs)).toMatchObject([{ severity: 'critical' }])
    else expect(await assess(idxNoindexJs)).toEqual([])
  })
})

test('a site is visited by one browser, once a day, and given back when it could not be', async () => {
  const taken = await Promise.all([claim('one'), claim('two')])
  expect(taken.filter((each) => each !== null)).toHaveLength(1)
  world.clock.advance(61_000)
  expect(await claim('three')).toEqual({ orgId, siteId })
  const retryAt = new Date(world.clock.now().getTime() + 3_600_000)
  await world.change(orgId, (change) => releaseVisit(change, { siteId, token: 'three', retryAt }))
  expect(await claim()).toBeNull()
  expect(await world.change(orgId, (change) => recordVisit(change, { siteId, token: 'one', runs: [], pages: [] }))).toBe(false)
  world.clock.advance(3_600_000)
  expect(await claim()).toEqual({ orgId, siteId })
})
