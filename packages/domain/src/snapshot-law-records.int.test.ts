import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Competitor } from '@tocsin/contract/api/competitors'
import { type Keyword, KeywordInput } from '@tocsin/contract/api/keywords'
import type { RuleSetting } from '@tocsin/contract/api/rules'
import { SiteInput } from '@tocsin/contract/api/sites'
import { type Source, SourceChanges, SourceInput } from '@tocsin/contract/api/sources'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { listCompetitors } from './competitors/competitors.read.ts'
import { createCompetitor, deleteCompetitor, updateCompetitor } from './competitors/competitors.ts'
import { listKeywords } from './keywords/keywords.read.ts'
import { createKeyword, deleteKeyword, updateKeyword } from './keywords/keywords.ts'
import { listRuleSettings } from './rules/rules.read.ts'
import { configureRule } from './rules/rules.ts'
import { createSite } from './sites/sites.ts'
import { claimSources } from './sources/claim.ts'
import { recordFault, recordFetched, recordTested } from './sources/record.ts'
import { listSources } from './sources/sources.read.ts'
import { createSource, deleteSource, pauseSource, resumeSource, testSource, updateSource } from './sources/sources.ts'

/** What a screen holds of the records of a site. When a source was fetched and what it used moves without an event, so it is left out. */
interface Screen {
  sources: Record<string, object>
  competitors: Record<string, Competitor>
  keywords: Record<string, Keyword>
  settings: Record<string, RuleSetting>
}

let world: TestFoundation
let orgId: OrgId
let siteId: SiteId
beforeAll(async () => {
  world = await openTestFoundation()
  orgId = await world.newOrg()
  siteId = (await world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))).id
})
afterAll(() => world.close())

const byId = <Item extends { id: string }>(items: readonly Item[]): Record<string, Item> =>
  Object.fromEntries(items.map((item) => [item.id, item]))
const steady = ({ lastFetchedAt: _fetched, nextFetchAt: _next, quota: _quota, ...rest }: Source) => rest

function snapshot(): Promise<Screen> {
  return world.journal.read(orgId, async (sql) => ({
    sources: Object.fromEntries((await listSources(sql, { siteId, limit: 100 })).data.map((each) => [each.id, steady(each)])),
    competitors: byId((await listCompetitors(sql, { siteId, limit: 100 })).data),
    keywords: byId((await listKeywords(sql, { siteId, limit: 100 })).data),
    settings: Object.fromEntries((await listRuleSettings(sql, siteId)).map((each) => [each.rule, each])),
  }))
}

function apply(screen: Screen, { type, data }: OrgEvent): Screen {
  const { sources, competitors, keywords, settings } = screen
  if (type === 'source.deleted') return { ...screen, sources: without(sources, data.sourceId) }
  if (type === 'competitor.deleted') return { ...screen, competitors: without(competitors, data.competitorId) }
  if (type === 'keyword.deleted') return { ...screen, keywords: without(keywords, data.keywordId) }
  if ('source' in data) return { ...screen, sources: { ...sources, [data.source.id]: steady(data.source) } }
  if ('competitor' in data) return { ...screen, competitors: { ...competitors, [data.competitor.id]: data.competitor } }
  if ('keyword' in data) return { ...screen, keywords: { ...keywords, [data.keyword.id]: data.keyword } }
  if ('setting' in data) return { ...screen, settings: { ...settings, [data.setting.rule]: data.setting } }
  throw new Error(`${type} is none of these slices.`)
}

function without<Item>(items: Record<string, Item>, id: string): Record<string, Item> {
  const { [id]: _, ...rest } = items
  return rest
}

/** Does the work and proves the law for it. */
async function lawful<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
  const before = await snapshot()
  const results: Result[] = []
  const events = await world.eventsDuring(orgId, async () => void results.push(await world.change(orgId, work)))
  expect(events.reduce(apply, before)).toEqual(await snapshot())
  const [result] = results
  if (result === undefined) throw new Error('The work has no result.')
  return result
}

test('old snapshot + events = new snapshot, for the life of a source', async () => {
  const box = createSecretBox('a secret that only tests may know, 32+', 'source')
  const input = SourceInput.parse({ kind: 'crux', config: {}, credentials: { apiKey: 'key-of-the-shop' } })
  const { id: sourceId } = await lawful((change) => createSource(change, { siteId, input, box }))
  async function held() {
    world.clock.advance(48 * 3_600_000)
    const now = world.clock.now()
    const claim = {
      now,
      leaseUntil: new Date(now.getTime() + 60_000),
      token: 'token',
      kinds: ['crux'],
      siteId,
      limit: 1,
    } as const
    await world.db.transaction('installation', (sql) => claimSources(sql, claim))
    return { sourceId, token: 'token' }
  }
  const fault = (reason: 'forbidden' | 'unavailable', detail: string) =>
    held().then((lease) => lawful((change) => recordFault(change, { ...lease, fault: { reason, detail, retryAt: null } })))
  await fault('forbidden', 'Not for this site.')
  await fault('unavailable', 'It is silent.')
  const nextAt = world.clock.now()
  const fetched = { record: async () => {}, adapterState: {}, nextAt }
  const lease = await held()
  expect(await lawful((change) => recordFetched(change, { ...lease, ...fetched }))).toBe(true)
  await lawful((change) => testSource(change, { sourceId }))
  const testing = await held()
  expect(await lawful((change) => recordTested(change, { ...testing, tested: { ok: true, detail: 'Good.' } }))).toBe(true)
  const changes = SourceChanges.parse({ kind: 'crux', credentials: { apiKey: 'another-key' } })
  await lawful((change) => updateSource(change, { sourceId, changes, ifVersion: null, box }))
  await lawful((change) => pauseSource(change, { sourceId }))
  await lawful((change) => resumeSource(change, { sourceId }))
  await lawful((change) => deleteSource(change, { sourceId }).then(() => true))
  expect((await snapshot()).sources).toEqual({})
})

test('and for competitors, keywords and thresholds', async () => {
  const { id: competitorId } = await lawful((change) => createCompetitor(change, { siteId, domain: 'rival.example.com' }))
  await lawful((change) => updateCompetitor(change, { siteId, competitorId, name: 'Rival', ifVersion: null }))
  await lawful((change) => deleteCompetitor(change, { siteId, competitorId }, []).then(() => true))
  const keyword = KeywordInput.parse({ phrase: 'blue shoes', country: 'US' })
  const { id: keywordId } = await lawful((change) => createKeyword(change, { siteId, ...keyword }))
  await lawful((change) => updateKeyword(change, { siteId, keywordId, changes: { monthlySearches: 900 }, ifVersion: null }))
  await lawful((change) => deleteKeyword(change, { siteId, keywordId }).then(() => true))
  await lawful((change) => configureRule(change, { siteId, rule: 'rank.drop', config: { topDrop: 5 } }))
  await lawful((change) => configureRule(change, { siteId, rule: 'rank.drop', config: { topDrop: null } }))
})
