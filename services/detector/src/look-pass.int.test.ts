import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import { newId, type OrgId, type SiteId } from '@tocsin/contract/ids'
import { startScan } from '@tocsin/domain/scans/scans'
import { createSite, deleteSite, setBaseline } from '@tocsin/domain/sites/sites'
import { recordVerdicts } from '@tocsin/domain/threats/record'
import { listThreats } from '@tocsin/domain/threats/threats.read'
import { createLog } from '@tocsin/process/log'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import type { Crawl } from './crawl-site.ts'
import { lookPass } from './look-pass.ts'
import { idxRobotsUnreachable } from './rules/idx-robots-unreachable.ts'
import type { Rule, Verdict } from './rules/verdict.ts'
import { scanPass } from './scan-pass.ts'
import { crawlOf, type LookAgain, probes, rulesOf, siteUrl, specOf, verdictOn } from './scripted-site.ts'

const never = new AbortController().signal
let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeEach(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  await world.change(orgId, async (change) => {
    siteId = (await createSite(change, SiteInput.parse({ url: siteUrl }))).id
    await setBaseline(change, { siteId })
    const verdicts = [verdictOn(`${siteUrl}a`, 'bad', 'high')]
    await recordVerdicts(change, { siteId, scanId: newId('scan'), verdicts, complete: true })
  })
  world.clock.advance(60_000)
})
afterEach(() => world.close())

const look = (again: Verdict['level']) => lookPass({ ...world, probes, registry: rulesOf({}, again) }, never)
const threats = async () => (await world.journal.read(orgId, (sql) => listThreats(sql, { limit: 100 }))).data
/** Looks with a rule of which only the second look is of interest. */
const lookWith = (lookAgain: LookAgain) => lookThrough({ ...specOf('http.5xx'), scope: 'site', judge: () => [], lookAgain })
const lookThrough = (rule: Rule) => lookPass({ ...world, probes, registry: rulesOf({ 'http.5xx': rule }) }, never)

test('a look by two detectors at once counts once', async () => {
  await Promise.all([look('bad'), look('bad'), look('bad')])
  expect(await threats()).toMatchObject([{ occurrences: 2 }])
})

const breaks = async () => {
  throw new Error('Broken rule.')
}
test.each([
  { what: 'sees', broken: () => lookWith(breaks) },
  { what: 'reads records', broken: () => lookThrough({ ...specOf('http.5xx'), scope: 'data', assess: breaks }) },
])('a look with a rule that breaks when it $what is unknown, and is made again later', async ({ broken }) => {
  expect(await broken()).toBe('worked')
  expect(await threats()).toEqual([])
  expect(await look('bad')).toBe('idle')
  world.clock.advance(540_000)
  await look('bad')
  expect(await threats()).toHaveLength(1)
})

test('a look of which nobody can read what is stored ends as unknown, with a line in the log, and the others are made', async () => {
  await world.change(orgId, async (change) => {
    const verdicts = [verdictOn(`${siteUrl}b`, 'bad', 'high')]
    await recordVerdicts(change, { siteId, scanId: newId('scan'), verdicts, complete: false })
    await change.tx.query(`update threat set look = '{"kind":"smell"}' where subject = $1`, [`${siteUrl}a`])
  })
  world.clock.advance(60_000)
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  const deps = { ...world, log: createLog({ level: 'error', destination }), probes, registry: rulesOf({}, 'bad') }
  expect(await lookPass(deps, never)).toBe('worked')
  expect(await threats()).toMatchObject([{ subject: `${siteUrl}b`, state: 'active' }])
  expect(lines).toEqual([expect.stringContaining('What is stored for a look cannot be read.')])
  expect(await lookPass(deps, never)).toBe('idle')
  world.clock.advance(540_000)
  expect(await lookPass(deps, never)).toBe('worked')
  expect(await threats()).toHaveLength(1)
})

test('a look that is interrupted is given back', async () => {
  const stopped = AbortSignal.abort()
  await lookPass({ ...world, probes, registry: rulesOf() }, stopped)
  expect(await threats()).toEqual([])
  expect(await look('bad')).toBe('worked')
  expect(await threats()).toHaveLength(1)
})

test('a look at a site that was deleted meanwhile is nobody’s business', async () => {
  const meanwhile: LookAgain = async (finding) => {
    await world.change(orgId, (change) => deleteSite(change, { siteId }))
    return verdictOn(finding.subject, 'bad', 'high')
  }
  expect(await lookWith(meanwhile)).toBe('worked')
})

test('a robots.txt that stays unreachable is critical after half an hour, without another scan', async () => {
  const robots = { ...(await probes.robots(siteUrl, never)), availability: 'unreachable', status: 503 } as const
  const down = { ...probes, robots: async () => robots }
  const crawl: Crawl = async (...args) => ({ ...(await crawlOf({ '/': 200 })(...args)), robots })
  const registry = rulesOf({ 'idx.robots_unreachable': idxRobotsUnreachable })
  await world.change(orgId, (change) => startScan(change, { siteId, trigger: 'manual' }))
  await scanPass({ ...world, crawl, probes: down, registry, refreshSources: async () => {} }, never)
  const lookAfter = async (seconds: number) => {
    world.clock.advance(seconds * 1_000)
    await lookPass({ ...world, probes: down, registry }, never)
    return (await threats()).filter((threat) => threat.rule === 'idx.robots_unreachable').map(({ severity }) => severity)
  }
  expect(await lookAfter(60)).toEqual(['high'])
  expect(await lookAfter(1_700)).toEqual(['high'])
  const events = await world.eventsDuring(orgId, async () => expect(await lookAfter(40)).toEqual(['critical']))
  expect(events.map((event) => event.type)).toContain('threat.updated')
})
