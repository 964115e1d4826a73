import { systemDegraded, systemRecovered } from '@tocsin/contract/events/system'
import type { Change } from '@tocsin/journal/change'

/** Fewer sites may well break by themselves. */
export const sitesMin = 5
export const shareMin = 0.3
const spanMs = 60_000

export interface Turned {
  turned: number
  total: number
}

/** So many sites of so many turned bad within a minute that it is rather us. */
export const isDoubtful = ({ turned, total }: Turned): boolean => turned >= sitesMin && turned > total * shareMin

/** How many sites of the installation turned bad in the minute before or after this one did, whichever were more. */
export async function turnedAround(change: Change, firstSeenAt: Date): Promise<Turned> {
  const at = firstSeenAt.getTime()
  const { rows } = await change.tx.query<Turned>(
    `select greatest(b.turned, a.turned) as turned, b.total
     from sites_turned_bad($1, $2) b, sites_turned_bad($2, $3) a`,
    [new Date(at - spanMs), firstSeenAt, new Date(at + spanMs)],
  )
  const row = rows[0]
  if (!row) throw new Error('A function without a row.')
  return row
}

/** Told once, until it is over. */
export async function tellDoubt(change: Change, { turned, total }: Turned): Promise<void> {
  const { rowCount } = await change.tx.query('insert into self_doubt (org_id, since) values ($1, $2) on conflict do nothing', [
    change.orgId,
    change.now,
  ])
  if (rowCount === 0) return
  // How many sites there are is the other orgs' business.
  const share = Math.round((100 * turned) / total)
  const detail = `${share} % of all sites that are watched here turned bad within a minute. It may be this installation: what was found is held and looked at again.`
  change.emit(systemDegraded, { reason: 'self_suspicion', detail })
}

/** Over when nothing is held any more: all that was doubted has been looked at again. */
export async function tellDoubtIsOver(change: Change): Promise<void> {
  const { rowCount } = await change.tx.query(
    `delete from self_doubt where org_id = $1 and not exists (select from threat where state = 'suspected' and held_at is not null)`,
    [change.orgId],
  )
  if (rowCount > 0)
    change.emit(systemRecovered, { reason: 'self_suspicion', detail: 'Everything that was held has been looked at again.' })
}
