import type { Competitor, CompetitorInput } from '@tocsin/contract/api/competitors'
import { competitorCreated, competitorDeleted, competitorUpdated } from '@tocsin/contract/events/competitors'
import { type CompetitorId, newId, type SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { registrableDomain } from '../registrable-domain.ts'
import { lockSite } from '../sites/sites.ts'
import { type CompetitorRow, competitorColumns, competitorView } from './competitors.read.ts'

/** Each measurement is kept for each of them. */
export const competitorsPerSiteMax = 20

export async function createCompetitor(change: Change, input: CompetitorInput & { siteId: SiteId }): Promise<Competitor> {
  const site = await lockSite(change, input.siteId)
  const domain = registrableDomain(input.domain)
  if (!domain) throw invalid('Must be a domain that somebody can register.')
  if (domain === registrableDomain(site.url)) throw invalid('That is the domain of the site itself.')
  const { rows: counted } = await change.tx.query<{ count: number }>(
    'select count(*) as count from competitor where site_id = $1',
    [site.id],
  )
  if ((counted[0]?.count ?? 0) >= competitorsPerSiteMax)
    throw new Refusal('limit_reached', `A site is compared with ${competitorsPerSiteMax} competitors at most.`)
  const { rows } = await change.tx.query<CompetitorRow>(
    `insert into competitor (id, org_id, site_id, domain, name, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6)
     on conflict (site_id, domain) do nothing returning ${competitorColumns}`,
    [newId('competitor'), change.orgId, site.id, domain, input.name ?? domain, change.now],
  )
  const row = rows[0]
  if (!row) throw new Refusal('conflict', 'The site is compared with this domain already.')
  const competitor = competitorView(row)
  change.emit(competitorCreated, { competitor })
  return competitor
}

const invalid = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'domain', message }] })

export async function updateCompetitor(
  change: Change,
  input: { siteId: SiteId; competitorId: CompetitorId; name: string | null; ifVersion: number | null },
): Promise<Competitor> {
  await lockSite(change, input.siteId)
  const { rows: locked } = await change.tx.query<CompetitorRow>(
    `select ${competitorColumns} from competitor where id = $1 and site_id = $2 for update`,
    [input.competitorId, input.siteId],
  )
  const before = locked[0]
  if (!before) throw new Refusal('not_found', 'No such competitor.')
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The competitor was changed in the meantime: read it again.')
  if (input.name === null || input.name === before.name) return competitorView(before)
  const { rows } = await change.tx.query<CompetitorRow>(
    `update competitor set name = $2, updated_at = $3, version = version + 1 where id = $1 returning ${competitorColumns}`,
    [before.id, input.name, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked competitor is gone.')
  const competitor = competitorView(row)
  change.emit(competitorUpdated, { competitor })
  return competitor
}

/** Its pages go with it; whoever holds more about it forgets that in the same change. */
export async function deleteCompetitor(
  change: Change,
  input: { siteId: SiteId; competitorId: CompetitorId },
  forget: readonly ((change: Change, competitorId: CompetitorId) => Promise<void>)[],
): Promise<void> {
  await lockSite(change, input.siteId)
  const { rowCount } = await change.tx.query('delete from competitor where id = $1 and site_id = $2', [
    input.competitorId,
    input.siteId,
  ])
  if (rowCount === 0) throw new Refusal('not_found', 'No such competitor.')
  for (const each of forget) await each(change, input.competitorId)
  change.emit(competitorDeleted, { siteId: input.siteId, competitorId: input.competitorId })
}

export interface TrackedCompetitor {
  id: CompetitorId
  domain: string
  name: string
}

/** All of a site: `competitorsPerSiteMax` at most. */
export async function trackedCompetitors(sql: Sql, siteId: SiteId): Promise<TrackedCompetitor[]> {
  const { rows } = await sql.query<TrackedCompetitor>('select id, domain, name from competitor where site_id = $1 order by id', [
    siteId,
  ])
  return rows
}
