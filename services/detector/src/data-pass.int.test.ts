import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { judgeDataSoon } from '@tocsin/domain/data-watch/data-watch'
import { configureRule } from '@tocsin/domain/rules/rules'
import { createSite, deleteSite } from '@tocsin/domain/sites/sites'
import { getThreatEvidence, listThreats } from '@tocsin/domain/threats/threats.read'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { dataPass } from './data-pass.ts'
import type { DataRule, Rule } from './rules/verdict.ts'
import { rulesOf, specOf, verdictOn } from './scripted-site.ts'

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

const never = new AbortController().signal
const recorded = () => world.change(orgId, (change) => judgeDataSoon(change, siteId))
const threats = async () => (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100, siteId }))).data

/** A rule over records that says this, whatever the records are. */
function ruleThat(assess: DataRule['assess']): Rule {
  return { ...specOf('http.404_new'), scope: 'data', assess }
}
const depsWith = (rule: Rule) => ({ ...world, registry: rulesOf({ 'http.404_new': rule }) })
const saying = (level: 'bad' | 'ok' | 'unknown') =>
  depsWith(
    ruleThat(async () => [
      { ...verdictOn('keyword', level, 'high'), rule: 'http.404_new', conclusive: true, look: { kind: 'data', urls: [] } },
    ]),
  )

test('what was recorded is judged at once, opens without looks, and closes without looks', async () => {
  await recorded()
  const opened = await world.eventsDuring(orgId, () => dataPass(saying('bad'), never))
  expect(opened.map(({ type }) => type)).toEqual(['threat.detected', 'threat.summary_changed'])
  expect(await dataPass(saying('bad'), never)).toBe('idle')
  await recorded()
  await dataPass(saying('unknown'), never)
  expect(await threats()).toMatchObject([{ state: 'active', occurrences: 1 }])
  await recorded()
  const closed = await world.eventsDuring(orgId, () => dataPass(saying('ok'), never))
  expect(closed.map(({ type }) => type)).toEqual(['threat.resolved', 'threat.summary_changed'])
})

test('two detectors at once judge it once', async () => {
  await recorded()
  await Promise.all([dataPass(saying('bad'), never), dataPass(saying('bad'), never), dataPass(saying('bad'), never)])
  expect(await threats()).toMatchObject([{ occurrences: 1 }])
})

test('what is recorded while it is judged is judged as well', async () => {
  await recorded()
  const meanwhile = depsWith(
    ruleThat(async () => {
      await recorded()
      return []
    }),
  )
  expect(await dataPass(meanwhile, never)).toBe('worked')
  expect(await dataPass(saying('bad'), never)).toBe('worked')
  expect(await threats()).toHaveLength(1)
})

test('a detector that dies over it leaves it to another', async () => {
  await recorded()
  const read: typeof world.journal.read = async () => {
    throw new Error('Out of memory.')
  }
  const deps = saying('bad')
  await expect(dataPass({ ...deps, journal: { ...deps.journal, read } }, never)).rejects.toThrow('Out of memory.')
  expect(await dataPass(deps, never)).toBe('idle')
  world.clock.advance(120_000)
  expect(await dataPass(deps, never)).toBe('worked')
  expect(await threats()).toHaveLength(1)
})

test('what was read before the lease ended is not told after it: others may have judged what is newer', async () => {
  await recorded()
  const slow = depsWith(
    ruleThat(async () => {
      world.clock.advance(120_000)
      return [{ ...verdictOn('keyword', 'bad', 'high'), rule: 'http.404_new', conclusive: true }]
    }),
  )
  expect(await dataPass(slow, never)).toBe('worked')
  expect(await threats()).toEqual([])
  expect(await dataPass(saying('bad'), never)).toBe('worked')
  expect(await threats()).toHaveLength(1)
})

test('one that stops gives it back at once', async () => {
  await recorded()
  const stopped = AbortSignal.abort()
  await dataPass(saying('bad'), stopped)
  expect(await threats()).toEqual([])
  expect(await dataPass(saying('bad'), never)).toBe('worked')
})

test('a site that is deleted while it is judged is nobody’s business', async () => {
  await recorded()
  const meanwhile = depsWith(
    ruleThat(async () => {
      await world.change(orgId, (change) => deleteSite(change, { siteId }))
      return [{ ...verdictOn('keyword', 'bad', 'high'), rule: 'http.404_new', conclusive: true }]
    }),
  )
  expect(await dataPass(meanwhile, never)).toBe('worked')
})

test('the thresholds of a site are what its records are judged by, and are kept with the evidence', async () => {
  const seen: unknown[] = []
  const deps = depsWith(
    ruleThat(async (_sql, { config }) => {
      seen.push(config['redirect.chain'])
      return [{ ...verdictOn('keyword', 'bad', 'high'), rule: 'http.404_new', conclusive: true }]
    }),
  )
  await world.change(orgId, (change) => configureRule(change, { siteId, rule: 'redirect.chain', config: { hopsMin: 5 } }))
  await dataPass(deps, never)
  expect(seen).toMatchObject([{ hopsMin: 5 }])
  const [threat] = await threats()
  if (!threat) throw new Error('There is no threat.')
  const evidence = await world.journal.read(orgId, (sql) => getThreatEvidence(sql, threat.id))
  expect(evidence).toMatchObject({ judgedAt: world.clock.now().toISOString(), verdict: { level: 'bad', severity: 'high' } })
})
