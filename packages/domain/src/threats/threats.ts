import type { Threat } from '@tocsin/contract/api/threats'
import type { EventDefinition } from '@tocsin/contract/event'
import { threatAccepted, threatAcknowledged, threatResolved } from '@tocsin/contract/events/threats'
import type { SiteId, ThreatId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { lockSite } from '../sites/sites.ts'
import { tellingSummary } from './summary.ts'
import { type ThreatRow, threatColumns, threatView } from './threats.read.ts'

export interface ByHand {
  threatId: ThreatId
  note: string | null
}

/** Somebody is on it. Doing so twice is not an error. */
export async function acknowledgeThreat(change: Change, input: ByHand): Promise<Threat> {
  return byHand(change, input, {
    to: 'acknowledged',
    from: ['active'],
    event: threatAcknowledged,
    refusal: 'Only an active threat can be acknowledged.',
  })
}

/** Closed by hand: the next scan that sees the fault opens a new threat. */
export async function resolveThreat(change: Change, input: ByHand): Promise<Threat> {
  return byHand(change, input, {
    to: 'resolved',
    from: ['active', 'acknowledged', 'accepted', 'hygiene'],
    event: threatResolved,
    refusal: 'This threat cannot be resolved.',
  })
}

/** Meant to be so: it keeps its key, and whatever is seen of it from now on stays silent. */
export async function acceptThreat(change: Change, input: ByHand): Promise<Threat> {
  return byHand(change, input, {
    to: 'accepted',
    from: ['active', 'acknowledged', 'hygiene'],
    event: threatAccepted,
    refusal: 'A resolved threat cannot be accepted: what is gone is not expected.',
  })
}

interface Step {
  to: 'acknowledged' | 'resolved' | 'accepted'
  from: readonly Threat['state'][]
  event: EventDefinition<string, typeof threatResolved.data>
  refusal: string
}

/** Looks that were planned for it have nothing left to decide, except whether an acknowledged fault is gone; nor has it sides to change. */
async function byHand(change: Change, input: ByHand, step: Step): Promise<Threat> {
  const site = await lockSite(change, await siteOf(change, input.threatId))
  const before = await lockThreat(change, input.threatId)
  if (before.state === step.to) return threatView(before)
  if (!step.from.includes(before.state)) throw new Refusal('conflict', step.refusal)
  return tellingSummary(change, site.id, async () => {
    const { rows } = await change.tx.query<ThreatRow>(
      `update threat set state = $2, changed_by = $3, note = coalesce($5, note),
         acknowledged_at = case when $2 = 'acknowledged' then $4 else acknowledged_at end,
         resolved_at = case when $2 = 'resolved' then $4::timestamptz end,
         next_look_at = case when $2 = 'acknowledged' then next_look_at end,
         flapping = case when $2 = 'acknowledged' then flapping end, lease_token = null, lease_until = null
       where id = $1 returning ${threatColumns}`,
      [before.id, step.to, JSON.stringify(change.actor), change.now, input.note],
    )
    const row = rows[0]
    if (!row) throw new Error('The locked threat is gone.')
    const threat = threatView(row)
    change.emit(step.event, { threat, site: { id: site.id, name: site.name, url: site.url } })
    return threat
  })
}

async function siteOf(change: Change, threatId: ThreatId): Promise<SiteId> {
  const { rows } = await change.tx.query<{ siteId: SiteId }>(
    `select site_id as "siteId" from threat where id = $1 and state <> 'suspected'`,
    [threatId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such threat.')
  return row.siteId
}

async function lockThreat(change: Change, threatId: ThreatId): Promise<ThreatRow> {
  const { rows } = await change.tx.query<ThreatRow>(`select ${threatColumns} from threat where id = $1 for update`, [threatId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such threat.')
  return row
}
