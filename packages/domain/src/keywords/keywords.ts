import type { Keyword, KeywordChanges, KeywordInput } from '@tocsin/contract/api/keywords'
import { keywordCreated, keywordDeleted, keywordsChanged, keywordUpdated } from '@tocsin/contract/events/keywords'
import { type KeywordId, newId, type SiteId } from '@tocsin/contract/ids'
import type { Device, Measurement } from '@tocsin/contract/keyword'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'
import { type KeywordRow, keywordColumns, keywordView } from './keywords.read.ts'

/** All of them are judged together, and asked of a provider one by one. */
export const keywordsPerSiteMax = 2_000

/** The site is locked by every verb here: one change at a time counts and adds. */
export async function createKeyword(change: Change, input: KeywordInput & { siteId: SiteId }): Promise<Keyword> {
  await lockSite(change, input.siteId)
  await refuseTooMany(change, input.siteId, 1)
  const [row] = await insertKeywords(change, input.siteId, [input])
  if (!row) throw new Refusal('conflict', 'This keyword is tracked already.')
  const keyword = keywordView(row)
  change.emit(keywordCreated, { keyword })
  return keyword
}

export interface PutKeywords {
  created: number
  updated: number
  unchanged: number
}

/** Doing so twice changes nothing the second time. */
export async function putKeywords(
  change: Change,
  input: { siteId: SiteId; keywords: readonly KeywordInput[] },
): Promise<PutKeywords> {
  await lockSite(change, input.siteId)
  const wanted = [...new Map(input.keywords.map((each) => [identity(each), each])).values()]
  const created = await insertKeywords(change, input.siteId, wanted)
  await refuseTooMany(change, input.siteId, 0)
  const { rowCount } = await change.tx.query(
    `update keyword set monthly_searches = new.searches, updated_at = $2, version = version + 1
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::integer[]) as new (phrase, country, language, device, searches)
     where site_id = $1 and keyword.phrase = new.phrase and keyword.country = new.country and keyword.language = new.language
       and keyword.device = new.device and new.searches is not null and monthly_searches is distinct from new.searches`,
    [input.siteId, change.now, ...columnsOf(wanted)],
  )
  const updated = rowCount ?? 0
  if (created.length + updated > 0) change.emit(keywordsChanged, { siteId: input.siteId, created: created.length, updated })
  return { created: created.length, updated, unchanged: wanted.length - created.length - updated }
}

export async function updateKeyword(
  change: Change,
  input: { siteId: SiteId; keywordId: KeywordId; changes: KeywordChanges; ifVersion: number | null },
): Promise<Keyword> {
  const before = await lockKeyword(change, input)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The keyword was changed in the meantime: read it again.')
  const monthlySearches = input.changes.monthlySearches ?? before.monthlySearches
  if (monthlySearches === before.monthlySearches) return keywordView(before)
  const { rows } = await change.tx.query<KeywordRow>(
    `update keyword set monthly_searches = $2, updated_at = $3, version = version + 1 where id = $1 returning ${keywordColumns}`,
    [before.id, monthlySearches, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked keyword is gone.')
  const keyword = keywordView(row)
  change.emit(keywordUpdated, { keyword })
  return keyword
}

/** Its history goes with it. */
export async function deleteKeyword(change: Change, input: { siteId: SiteId; keywordId: KeywordId }): Promise<void> {
  await lockSite(change, input.siteId)
  const { rowCount } = await change.tx.query('delete from keyword where id = $1 and site_id = $2', [
    input.keywordId,
    input.siteId,
  ])
  if (rowCount === 0) throw new Refusal('not_found', 'No such keyword.')
  change.emit(keywordDeleted, { siteId: input.siteId, keywordId: input.keywordId })
}

/** What a list of positions names: without a language, the keyword with whichever language it has. */
export type NamedKeyword = Pick<KeywordInput, 'phrase' | 'country' | 'language' | 'device'>

/**
 * The ids of the named keywords, in their order; unknown ones are tracked from now on. A name that could mean several is refused, and so
 * is a list that brings too many: `path` says where in the request each name stands.
 */
export async function keywordIds(
  change: Change,
  input: { siteId: SiteId; names: readonly NamedKeyword[]; path: (n: number) => string },
): Promise<KeywordId[]> {
  const { rows } = await change.tx.query<KeywordRow>(
    `select ${keywordColumns} from keyword where site_id = $1 and phrase = any ($2)`,
    [input.siteId, [...new Set(input.names.map((name) => name.phrase))]],
  )
  const known = Map.groupBy(rows, withoutLanguage)
  const issues: { path: string; message: string }[] = []
  const missing = new Map<string, NamedKeyword>()
  const found = input.names.map((name, n) => {
    const candidates = known.get(withoutLanguage(name)) ?? []
    const exact = candidates.find((row) => row.language === (name.language ?? ''))
    if (exact) return exact.id
    if (name.language === undefined && candidates.length > 1)
      issues.push({ path: input.path(n), message: 'Tracked in several languages: say which.' })
    if (name.language === undefined && candidates[0]) return candidates[0].id
    missing.set(identity(name), name)
    return null
  })
  if (issues.length > 0) throw new Refusal('invalid', 'The list is not clear.', { issues: issues.slice(0, 50) })
  const created = await trackNew(change, input.siteId, [...missing.values()])
  return found.map((id, n) => id ?? idOf(created, input.names[n]))
}

async function trackNew(change: Change, siteId: SiteId, names: readonly NamedKeyword[]): Promise<Map<string, KeywordId>> {
  if (names.length === 0) return new Map()
  const rows = await insertKeywords(change, siteId, names)
  await refuseTooMany(change, siteId, 0)
  change.emit(keywordsChanged, { siteId, created: rows.length, updated: 0 })
  return new Map(rows.map((row) => [identity({ ...row, language: row.language }), row.id]))
}

function idOf(created: ReadonlyMap<string, KeywordId>, name: NamedKeyword | undefined): KeywordId {
  const id = name && created.get(identity(name))
  if (!id) throw new Error('A keyword that was just written is not there.')
  return id
}

/** Of each keyword the measurement that is newest by its own time. */
export async function noteLatest(
  change: Change,
  latest: readonly { keywordId: KeywordId; measurement: Measurement }[],
): Promise<void> {
  if (latest.length === 0) return
  await change.tx.query(
    `update keyword set latest = new.measurement
     from jsonb_to_recordset($1) as new ("keywordId" text, measurement jsonb)
     where keyword.id = new."keywordId"
       and (latest is null or (latest->>'checkedAt')::timestamptz <= (new.measurement->>'checkedAt')::timestamptz)`,
    [JSON.stringify(latest)],
  )
}

type Identity = { phrase: string; country: string; language?: string | undefined; device: string }
const withoutLanguage = (of: Identity): string => `${of.device} ${of.country} ${of.phrase}`
const identity = (of: Identity): string => `${of.language ?? ''} ${withoutLanguage(of)}`

const columnsOf = (keywords: readonly (NamedKeyword & { monthlySearches?: number | undefined })[]) => [
  keywords.map((each) => each.phrase),
  keywords.map((each) => each.country),
  keywords.map((each) => each.language ?? ''),
  keywords.map((each) => each.device),
  keywords.map((each) => each.monthlySearches ?? null),
]

/** Those that were not there. */
async function insertKeywords(
  change: Change,
  siteId: SiteId,
  keywords: readonly (NamedKeyword & { monthlySearches?: number | undefined })[],
): Promise<KeywordRow[]> {
  const { rows } = await change.tx.query<KeywordRow>(
    `insert into keyword (id, org_id, site_id, phrase, country, language, device, monthly_searches, created_at, updated_at)
     select new.id, $1, $2, new.phrase, new.country, new.language, new.device, new.searches, $3, $3
     from unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::integer[])
       as new (id, phrase, country, language, device, searches)
     on conflict (site_id, phrase, country, language, device) do nothing
     returning ${keywordColumns}`,
    [change.orgId, siteId, change.now, keywords.map(() => newId('keyword')), ...columnsOf(keywords)],
  )
  return rows
}

async function refuseTooMany(change: Change, siteId: SiteId, more: number): Promise<void> {
  const { rows } = await change.tx.query<{ count: number }>('select count(*) as count from keyword where site_id = $1', [siteId])
  if ((rows[0]?.count ?? 0) + more > keywordsPerSiteMax)
    throw new Refusal('limit_reached', `A site has ${keywordsPerSiteMax} keywords at most.`)
}

async function lockKeyword(change: Change, input: { siteId: SiteId; keywordId: KeywordId }): Promise<KeywordRow> {
  await lockSite(change, input.siteId)
  const { rows } = await change.tx.query<KeywordRow>(
    `select ${keywordColumns} from keyword where id = $1 and site_id = $2 for update`,
    [input.keywordId, input.siteId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such keyword.')
  return row
}

/** What a measurement is about, for those who measure and judge. */
export interface TrackedKeyword {
  id: KeywordId
  phrase: string
  country: string
  /** '' is any. */
  language: string
  device: Device
  monthlySearches: number | null
  latest: Measurement | null
}

/** All of a site: `keywordsPerSiteMax` at most. */
export async function trackedKeywords(sql: Sql, siteId: SiteId): Promise<TrackedKeyword[]> {
  const { rows } = await sql.query<TrackedKeyword>(
    `select id, phrase, country, language, device, monthly_searches as "monthlySearches", latest
     from keyword where site_id = $1 order by id`,
    [siteId],
  )
  return rows
}

/** For reading what belongs to a keyword: refuses what is not there. */
export async function requireKeyword(sql: Sql, input: { siteId: SiteId; keywordId: KeywordId }): Promise<void> {
  const { rowCount } = await sql.query('select from keyword where id = $1 and site_id = $2', [input.keywordId, input.siteId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such keyword.')
}
