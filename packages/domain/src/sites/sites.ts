import type { Site, SiteChanges, SiteInput } from '@tocsin/contract/api/sites'
import { siteCreated, siteDeleted, sitePaused, siteResumed, siteUpdated } from '@tocsin/contract/events/sites'
import { newId, type SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { endAlertsOfSite } from '../alerts/alerts.ts'
import { nextScanAt } from './schedule.ts'
import { type SiteRow, siteColumns, siteView } from './sites.read.ts'

/** An org with more wants another org or a talk about scale. Two creations at the very limit may both pass: nothing depends on it. */
export const sitesPerOrgMax = 500

export async function createSite(change: Change, input: SiteInput): Promise<Site> {
  const url = normalSiteUrl(input.url)
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from site')
  if ((counted[0]?.count ?? 0) >= sitesPerOrgMax)
    throw new Refusal('limit_reached', `An organisation watches ${sitesPerOrgMax} sites at most.`)
  const { rows } = await change.tx.query<SiteRow>(
    `insert into site (id, org_id, name, url, scan_interval_hours, page_budget, connections, confirmation, next_scan_at, created_at, updated_at,
       tags)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $9, $10)
     on conflict (org_id, url) do nothing
     returning ${siteColumns}`,
    [
      newId('site'),
      change.orgId,
      input.name ?? url.hostname,
      url.href,
      input.scanIntervalHours,
      input.pageBudget,
      input.connections,
      JSON.stringify(input.confirmation),
      change.now,
      [...new Set(input.tags)],
    ],
  )
  const row = rows[0]
  if (!row) throw new Refusal('conflict', 'This organisation already watches that URL.')
  const site = siteView(row)
  change.emit(siteCreated, { site })
  return site
}

/** One site has one way to be written, so that it is watched once. A fragment never reaches a server. */
function normalSiteUrl(text: string): URL {
  const refuse = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'url', message }] })
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refuse('Must be an http or https URL.')
  if (url.username || url.password) throw refuse('Must not contain a user name or a password.')
  url.hash = ''
  return url
}

/** The URL never changes. A shorter interval brings the next scan forward; a longer one holds from the next scan on. */
export async function updateSite(
  change: Change,
  input: { siteId: SiteId; changes: SiteChanges; ifVersion: number | null },
): Promise<Site> {
  const before = await lockSite(change, input.siteId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The site was changed in the meantime: read it again.')
  const wanted = { ...before, ...withoutUndefined(input.changes) }
  if (!differs(before, wanted)) return siteView(before)
  const { rows } = await change.tx.query<SiteRow>(
    `update site set name = $2, scan_interval_hours = $3, page_budget = $4, connections = $5, confirmation = $6,
       next_scan_at = $7, updated_at = $8, tags = $9, version = version + 1
     where id = $1 returning ${siteColumns}`,
    [
      before.id,
      wanted.name,
      wanted.scanIntervalHours,
      wanted.pageBudget,
      wanted.connections,
      JSON.stringify(wanted.confirmation),
      nextScanAfterUpdate(before, wanted.scanIntervalHours, change.now),
      change.now,
      [...new Set(wanted.tags)],
    ],
  )
  return emitUpdated(change, rows)
}

/** Zod gives optional fields the value undefined, which must not erase what is there. */
function withoutUndefined(changes: SiteChanges): Partial<SiteRow> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

function differs(before: SiteRow, wanted: SiteRow): boolean {
  const fields = ['name', 'scanIntervalHours', 'pageBudget', 'connections'] as const
  if (fields.some((field) => before[field] !== wanted[field]) || before.tags.join('\n') !== wanted.tags.join('\n')) return true
  const { firstSeconds, secondSeconds, resolveSeconds } = wanted.confirmation
  const old = before.confirmation
  return old.firstSeconds !== firstSeconds || old.secondSeconds !== secondSeconds || old.resolveSeconds !== resolveSeconds
}

function nextScanAfterUpdate(before: SiteRow, intervalHours: number, now: Date): Date {
  if (intervalHours >= before.scanIntervalHours) return before.nextScanAt
  const sooner = nextScanAt({ siteId: before.id, intervalHours, dueAt: now, now })
  return new Date(Math.min(sooner.getTime(), before.nextScanAt.getTime()))
}

/** Pausing twice is not an error: the caller already has what they asked for. A scan that is running goes on. */
export async function pauseSite(change: Change, input: { siteId: SiteId }): Promise<Site> {
  const before = await lockSite(change, input.siteId)
  if (before.pausedAt) return siteView(before)
  const site = await setPaused(change, before.id, change.now)
  change.emit(sitePaused, { site })
  return site
}

export async function resumeSite(change: Change, input: { siteId: SiteId }): Promise<Site> {
  const before = await lockSite(change, input.siteId)
  if (!before.pausedAt) return siteView(before)
  const site = await setPaused(change, before.id, null)
  change.emit(siteResumed, { site })
  return site
}

async function setPaused(change: Change, siteId: SiteId, pausedAt: Date | null): Promise<Site> {
  const { rows } = await change.tx.query<SiteRow>(
    `update site set paused_at = $2, updated_at = $3, version = version + 1 where id = $1 returning ${siteColumns}`,
    [siteId, pausedAt, change.now],
  )
  return siteView(only(rows))
}

/** Its scans, threats and memory go with it. Its alerts stay: they end first, so that whoever was told of them is told of that. */
export async function deleteSite(change: Change, input: { siteId: SiteId }): Promise<void> {
  // The site before its alerts, as everywhere. Whoever is opening alerts of it has done so after this, and nobody begins to.
  const { rowCount } = await change.tx.query('select from site where id = $1 for update', [input.siteId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such site.')
  await endAlertsOfSite(change, { siteId: input.siteId, note: 'The site was deleted.' })
  await change.tx.query('delete from site where id = $1', [input.siteId])
  change.emit(siteDeleted, { siteId: input.siteId })
}

/** Plans the run after this one, if the site is due and nobody else has it in hand; false otherwise. */
export async function takeDueSite(change: Change, input: { siteId: SiteId }): Promise<boolean> {
  const { rows } = await change.tx.query<{ nextScanAt: Date; scanIntervalHours: number }>(
    `select next_scan_at as "nextScanAt", scan_interval_hours as "scanIntervalHours" from site
     where id = $1 and paused_at is null and next_scan_at <= $2 for no key update skip locked`,
    [input.siteId, change.now],
  )
  const due = rows[0]
  if (!due) return false
  const { siteId } = input
  const next = nextScanAt({ siteId, intervalHours: due.scanIntervalHours, dueAt: due.nextScanAt, now: change.now })
  const { rows: updated } = await change.tx.query<SiteRow>(
    `update site set next_scan_at = $2 where id = $1 returning ${siteColumns}`,
    [siteId, next],
  )
  emitUpdated(change, updated)
  return true
}

/** From now on whatever is found is news. The first complete scan sets it, once: false if there is one already. */
export async function setBaseline(change: Change, input: { siteId: SiteId }): Promise<boolean> {
  const { rows } = await change.tx.query<SiteRow>(
    `update site set baseline_at = $2 where id = $1 and baseline_at is null returning ${siteColumns}`,
    [input.siteId, change.now],
  )
  if (rows.length === 0) return false
  emitUpdated(change, rows)
  return true
}

/**
 * One change at a time decides about a site: its scans, its threats and their counts. Verbs that also lock rows of a scan or a threat
 * take the site first, so that no two wait for each other.
 */
export async function lockSite(change: Change, siteId: SiteId): Promise<SiteRow> {
  const { rows } = await change.tx.query<SiteRow>(`select ${siteColumns} from site where site.id = $1 for no key update`, [
    siteId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such site.')
  return row
}

/** For reading what belongs to a site: its address, or a refusal. */
export async function requireSite(sql: Sql, siteId: SiteId): Promise<{ url: string; name: string }> {
  const { rows } = await sql.query<{ url: string; name: string }>('select url, name from site where id = $1', [siteId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such site.')
  return row
}

function emitUpdated(change: Change, rows: SiteRow[]): Site {
  const site = siteView(only(rows))
  change.emit(siteUpdated, { site })
  return site
}

function only(rows: SiteRow[]): SiteRow {
  const row = rows[0]
  if (!row) throw new Error('The locked site is gone.')
  return row
}
