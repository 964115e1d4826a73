import { createHash } from 'node:crypto'
import type { BacklinkList, BacklinkPush } from '@tocsin/contract/api/backlinks'
import { backlinksRecorded } from '@tocsin/contract/events/backlinks'
import { type CompetitorId, newId, type SiteId } from '@tocsin/contract/ids'
import { Refusal, type RefusalIssue } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { trackedCompetitors } from '../competitors/competitors.ts'
import { judgeDataSoon } from '../data-watch/data-watch.ts'
import { registrableDomain } from '../registrable-domain.ts'
import { lockSite } from '../sites/sites.ts'
import { type BacklinkListRow, backlinkListColumns, backlinkListView } from './backlinks.read.ts'

/** Of one party. The largest sites have more; what is new there is found by a provider, not by a list. */
const domainsPerPartyMax = 100_000
const issuesMax = 50
const dayMs = 86_400_000

/** Whose links: '' is the site itself. */
export type Party = CompetitorId | ''

/**
 * All of it or nothing; the same list again changes nothing. A domain with a date is new on that date. Without one it is new on the day
 * it is first listed, but only when an earlier list was complete: in a first list, or after partial ones, it may be as old as any.
 */
export async function recordBacklinks(change: Change, input: BacklinkPush & { siteId: SiteId }): Promise<BacklinkList> {
  const site = await lockSite(change, input.siteId)
  const complete = input.complete ?? true
  const party = await partyOf(change, site.id, input.competitor)
  const hash = createHash('sha256')
    .update(JSON.stringify([party, complete, input.entries]))
    .digest('hex')
  const same = await findSame(change, { siteId: site.id, listId: input.listId, hash })
  if (same) return backlinkListView(same)
  const domains = referringDomains(input.entries, change.now)
  const { rows: earlier } = await change.tx.query(
    'select from backlink_list where site_id = $1 and party = $2 and complete limit 1',
    [site.id, party],
  )
  const undated = earlier.length > 0 ? change.now.toISOString().slice(0, 10) : null
  await upsertDomains(change, { siteId: site.id, party, undated }, domains)
  await refuseTooMany(change, site.id, party)
  const { rows } = await change.tx.query<BacklinkListRow>(
    `insert into backlink_list (id, org_id, site_id, party, sender_id, content_hash, complete, entries, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning ${backlinkListColumns}`,
    [newId('backlinkList'), change.orgId, site.id, party, input.listId ?? null, hash, complete, input.entries.length, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('An insert without its row.')
  const list = backlinkListView(row)
  change.emit(backlinksRecorded, { list })
  await judgeDataSoon(change, site.id)
  return list
}

async function partyOf(change: Change, siteId: SiteId, competitor: string | undefined): Promise<Party> {
  if (competitor === undefined) return ''
  const domain = registrableDomain(competitor)
  const found = (await trackedCompetitors(change.tx, siteId)).find((each) => each.domain === domain)
  if (found) return found.id
  const message = 'Is not a competitor of this site: add it first.'
  throw new Refusal('invalid', 'Nothing was recorded.', { issues: [{ path: 'competitor', message }] })
}

async function findSame(
  change: Change,
  { siteId, listId, hash }: { siteId: SiteId; listId: string | undefined; hash: string },
): Promise<BacklinkListRow | null> {
  const { rows } = await change.tx.query<BacklinkListRow & { hash: string }>(
    `select ${backlinkListColumns}, content_hash as hash from backlink_list
     where site_id = $1 and case when $2::text is null then content_hash = $3 else sender_id = $2 end
     order by recorded_at desc limit 1`,
    [siteId, listId ?? null, hash],
  )
  const row = rows[0]
  if (row && row.hash !== hash)
    throw new Refusal('conflict', 'A list with this listId was recorded before, with other entries.', {
      issues: [{ path: 'listId', message: 'Used for another list.' }],
    })
  return row ?? null
}

/** By domain, with the earliest date that is given. */
function referringDomains(entries: BacklinkPush['entries'], now: Date): Map<string, string | null> {
  const issues: RefusalIssue[] = []
  const tomorrow = new Date(now.getTime() + dayMs).toISOString().slice(0, 10)
  const domains = new Map<string, string | null>()
  for (const [n, entry] of entries.entries()) {
    const domain = registrableDomain(entry.domain)
    if (domain === null) issues.push({ path: `entries.${n}.domain`, message: 'Must be a domain that somebody can register.' })
    if (entry.firstSeen !== undefined && entry.firstSeen > tomorrow)
      issues.push({ path: `entries.${n}.firstSeen`, message: 'Must not be in the future.' })
    if (domain === null) continue
    const before = domains.get(domain) ?? null
    const given = entry.firstSeen ?? null
    domains.set(domain, before === null || (given !== null && given < before) ? given : before)
  }
  if (issues.length > 0) throw new Refusal('invalid', 'Nothing was recorded.', { issues: issues.slice(0, issuesMax) })
  return domains
}

async function upsertDomains(
  change: Change,
  of: { siteId: SiteId; party: Party; undated: string | null },
  domains: ReadonlyMap<string, string | null>,
): Promise<void> {
  await change.tx.query(
    `insert into backlink (id, org_id, site_id, party, domain, first_seen_on, recorded_at, listed_at)
     select new.id, $1, $2, $3, new.domain, coalesce(new.first_seen, $4::date), $5, $5
     from unnest($6::text[], $7::text[], $8::date[]) as new (id, domain, first_seen)
     on conflict (site_id, party, domain) do update set listed_at = excluded.listed_at`,
    [
      change.orgId,
      of.siteId,
      of.party,
      of.undated,
      change.now,
      [...domains].map(() => newId('backlink')),
      [...domains.keys()],
      [...domains.values()],
    ],
  )
}

async function refuseTooMany(change: Change, siteId: SiteId, party: Party): Promise<void> {
  const { rows } = await change.tx.query<{ count: number }>(
    'select count(*) as count from backlink where site_id = $1 and party = $2',
    [siteId, party],
  )
  if ((rows[0]?.count ?? 0) > domainsPerPartyMax)
    throw new Refusal('limit_reached', `${domainsPerPartyMax} referring domains are kept of a site at most.`)
}

export async function forgetCompetitorLinks(change: Change, competitorId: CompetitorId): Promise<void> {
  await change.tx.query('delete from backlink where party = $1', [competitorId])
  await change.tx.query('delete from backlink_list where party = $1', [competitorId])
}

export interface LinkCounts {
  party: Party
  total: number
  week: number
  fourWeeks: number
}

/** Referring domains of each party, and how many of them were first seen in the days before `now`. */
export async function linkCounts(sql: Sql, siteId: SiteId, now: Date): Promise<LinkCounts[]> {
  const day = (days: number) => new Date(now.getTime() - days * dayMs).toISOString().slice(0, 10)
  const { rows } = await sql.query<LinkCounts>(
    `select party, count(*) as total, count(*) filter (where first_seen_on > $2::date) as week,
       count(*) filter (where first_seen_on > $3::date) as "fourWeeks"
     from backlink where site_id = $1 group by party`,
    [siteId, day(7), day(28)],
  )
  return rows
}

export interface LinkWeek {
  party: Party
  /** Its Monday. */
  week: string
  count: number
}

/** New referring domains by week (from Monday), of each party whose links were counted at `from` already: others have no history yet. */
export async function newLinksByWeek(sql: Sql, siteId: SiteId, from: string): Promise<LinkWeek[]> {
  const { rows } = await sql.query<LinkWeek>(
    `with counted as (
       select party from backlink where site_id = $1 group by party
       having least(min(first_seen_on), min((recorded_at at time zone 'UTC')::date)) <= $2::date
     )
     select party, date_trunc('week', first_seen_on)::date::text as week, count(*) as count
     from backlink join counted using (party)
     where site_id = $1 and first_seen_on >= $2::date group by party, week order by party, week`,
    [siteId, from],
  )
  return rows
}
