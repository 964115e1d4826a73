import { createHash } from 'node:crypto'
import type { RankingEntry, RankingList, RankingPush } from '@tocsin/contract/api/rankings'
import { rankingsRecorded } from '@tocsin/contract/events/rankings'
import { type CompetitorId, type KeywordId, newId, type SiteId } from '@tocsin/contract/ids'
import { Refusal, type RefusalIssue } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { trackedCompetitors } from '../competitors/competitors.ts'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { keywordIds, noteLatest } from '../keywords/keywords.ts'
import { registrableDomain } from '../registrable-domain.ts'
import { lockSite } from '../sites/sites.ts'
import { type RankingListRow, rankingListColumns, rankingListView } from './rankings.read.ts'
import { insertMeasurements, type NewMeasurement } from './rankings.rows.ts'
import { rivalsIn } from './rivals.ts'

/** Of entries that do not say how many results were looked through. */
const depthUsual = 100
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
/** As long as daily medians are kept. */
const ageMsMax = 487 * dayMs
/** A sender's clock may be ahead of ours. */
const aheadMsMax = 10 * minuteMs
/** The same undated list within this time is the same list sent twice; later it is another measurement with the same outcome. */
const sameMs = 30 * minuteMs
/** Every few minutes, all day: what comes faster is no measurement of a ranking. Bounds what a day can add. */
const listsPerDayMax = 300

export interface RankingInput extends Omit<RankingPush, 'listId'> {
  siteId: SiteId
  /** "push", or the kind of the source that fetched it. */
  source: string
  listId?: string | undefined
}

/** All of it or nothing. The same list again changes nothing and answers what is recorded. */
export async function recordRankings(change: Change, input: RankingInput): Promise<RankingList> {
  const site = await lockSite(change, input.siteId)
  const hash = contentHash(input)
  const same = await findSame(change, input, hash)
  if (same) return rankingListView(same)
  await refuseTooMany(change, site.id)
  const times = checkedTimes(change, input)
  const names = input.entries.map(({ keyword, country, language, device }) => ({ phrase: keyword, country, language, device }))
  const ids = await keywordIds(change, { siteId: site.id, names, path: (n) => `entries.${n}.language` })
  const tracked = new Map((await trackedCompetitors(change.tx, site.id)).map(({ domain, id }) => [domain, id]))
  const measured = measurementsOf(input, { ids, times, tracked })
  const list = await insertList(change, input, { hash, checkedAt: new Date(Math.max(...times.map(Number))) })
  await insertMeasurements(change, { siteId: site.id, listId: list.id, source: input.source, complete: list.complete }, measured)
  await noteLatest(change, newestGood(input, measured))
  const view = rankingListView(list)
  change.emit(rankingsRecorded, { list: view })
  await judgeDataSoon(change, site.id)
  return view
}

const contentHash = ({ complete, depth, checkedAt, entries }: RankingInput): string =>
  createHash('sha256')
    .update(JSON.stringify([complete ?? null, depth ?? null, checkedAt ?? null, entries]))
    .digest('hex')

async function findSame(change: Change, input: RankingInput, hash: string): Promise<RankingListRow | null> {
  const byName = input.listId !== undefined
  const dated = input.checkedAt !== undefined || input.entries.every((entry) => entry.checkedAt !== undefined)
  const { rows } = await change.tx.query<RankingListRow & { hash: string }>(
    `select ${rankingListColumns}, content_hash as hash from ranking_list
     where site_id = $1 and source = $2
       and case when $3::text is null then content_hash = $4 and ($5 or recorded_at > $6) else sender_id = $3 end
     order by recorded_at desc limit 1`,
    [input.siteId, input.source, input.listId ?? null, hash, dated, new Date(change.now.getTime() - sameMs)],
  )
  const row = rows[0]
  if (!row) return null
  if (byName && row.hash !== hash)
    throw new Refusal('conflict', 'A list with this listId was recorded before, with other entries.', {
      issues: [{ path: 'listId', message: 'Used for another list.' }],
    })
  return row
}

async function refuseTooMany(change: Change, siteId: SiteId): Promise<void> {
  const { rows } = await change.tx.query<{ count: number }>(
    'select count(*) as count from ranking_list where site_id = $1 and recorded_at > $2',
    [siteId, new Date(change.now.getTime() - dayMs)],
  )
  if ((rows[0]?.count ?? 0) >= listsPerDayMax)
    throw new Refusal('limit_reached', `A site takes ${listsPerDayMax} lists of positions a day at most.`, {
      retryAfterSeconds: 3_600,
    })
}

/** When each entry was measured. Says of every entry whose time, or whose competitor, cannot be. */
function checkedTimes(change: Change, input: RankingInput): Date[] {
  const issues: RefusalIssue[] = []
  const oldest = change.now.getTime() - ageMsMax
  const newest = change.now.getTime() + aheadMsMax
  const times = input.entries.map((entry, n) => {
    const at = new Date(entry.checkedAt ?? input.checkedAt ?? change.now)
    const path = entry.checkedAt === undefined ? 'checkedAt' : `entries.${n}.checkedAt`
    if (at.getTime() < oldest) issues.push({ path, message: 'Must be within the last 16 months.' })
    if (at.getTime() > newest) issues.push({ path, message: 'Must not be in the future.' })
    for (const [m, { domain }] of (entry.competitors ?? []).entries())
      if (registrableDomain(domain) === null)
        issues.push({ path: `entries.${n}.competitors.${m}.domain`, message: `"${domain.slice(0, 80)}" is no domain.` })
    return at
  })
  refuseIf(issues)
  return times
}

function refuseIf(issues: RefusalIssue[]): void {
  const issuesMax = 50
  if (issues.length > 0) throw new Refusal('invalid', 'Nothing was recorded.', { issues: issues.slice(0, issuesMax) })
}

function measurementsOf(
  input: RankingInput,
  known: { ids: readonly KeywordId[]; times: readonly Date[]; tracked: ReadonlyMap<string, CompetitorId> },
): NewMeasurement[] {
  const issues: RefusalIssue[] = []
  const seen = new Set<string>()
  const measurements = input.entries.flatMap((entry, n) => {
    const [keywordId, checkedAt] = [known.ids[n], known.times[n]]
    if (!keywordId || !checkedAt) throw new Error('An entry without its keyword or its time.')
    const key = `${keywordId} ${checkedAt.getTime()}`
    if (seen.has(key)) issues.push({ path: `entries.${n}`, message: 'The same keyword at the same time is there twice.' })
    seen.add(key)
    return [measurementOf(entry, { keywordId, checkedAt, depth: input.depth ?? depthUsual, tracked: known.tracked })]
  })
  refuseIf(issues)
  return measurements
}

function measurementOf(
  entry: RankingEntry,
  of: { keywordId: KeywordId; checkedAt: Date; depth: number; tracked: ReadonlyMap<string, CompetitorId> },
): NewMeasurement {
  const depth = Math.max(entry.depth ?? of.depth, entry.position ?? 1)
  return {
    keywordId: of.keywordId,
    checkedAt: of.checkedAt.toISOString(),
    position: entry.position,
    missing: entry.position === null ? (entry.missing ?? 'absent') : null,
    depth,
    url: entry.url ?? null,
    ...rivalsIn(entry, depth, of.tracked),
  }
}

async function insertList(change: Change, input: RankingInput, more: { hash: string; checkedAt: Date }): Promise<RankingListRow> {
  const { rows } = await change.tx.query<RankingListRow>(
    `insert into ranking_list (id, org_id, site_id, source, sender_id, content_hash, complete, entries, checked_at, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${rankingListColumns}`,
    [
      newId('rankingList'),
      change.orgId,
      input.siteId,
      input.source,
      input.listId ?? null,
      more.hash,
      input.complete ?? null,
      input.entries.length,
      more.checkedAt,
      change.now,
    ],
  )
  const row = rows[0]
  if (!row) throw new Error('An insert without its row.')
  return row
}

/** What failed, or stands in a partial list, is no measurement: what is known stays. */
function newestGood({ source, complete }: RankingInput, measured: readonly NewMeasurement[]): Parameters<typeof noteLatest>[1] {
  const newest = new Map<KeywordId, NewMeasurement>()
  for (const each of complete === false ? [] : measured)
    if (each.missing !== 'failed' && (newest.get(each.keywordId)?.checkedAt ?? '') <= each.checkedAt)
      newest.set(each.keywordId, each)
  return [...newest.values()].map(({ keywordId, position, missing, depth, url, checkedAt }) => ({
    keywordId,
    measurement: { position, missing, depth, url, source, checkedAt },
  }))
}

/** Single measurements keep what they said of it until they are dropped; nobody judges by it any more. */
export async function forgetCompetitorPositions(change: Change, competitorId: CompetitorId): Promise<void> {
  await change.tx.query('delete from ranking_day where party = $1', [competitorId])
}
