import { destinationUpdated } from '@tocsin/contract/events/deliveries'
import type { DestinationId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { dropDeliveries } from '../deliveries/deliveries.ts'
import { type DestinationRow, destinationColumns, destinationView } from './destinations.read.ts'

/** How one destination fared in a batch of attempts. */
export interface DestinationHealth {
  destinationId: DestinationId
  /** See `destinationSentWith`: what was answered elsewhere, or to other settings, says nothing about it. */
  sentWith: string
  /** One success is enough to call it well. */
  worked: boolean
  /** It asked for less: nothing is sent before this. */
  slowUntil: Date | null
  /** It says that it is not there any more. */
  gone: boolean
  /** The mail server knows no such mailbox. */
  bounced: boolean
}

/** Where attempts go, and with which settings; what is secret is sealed anew with every change, so that equal means unchanged. */
export const destinationSentWith = (sent: { address: string | null; config: unknown; credentials: string | null }): string =>
  JSON.stringify([sent.address ?? '', sent.config ?? null, sent.credentials])

/** A destination that has answered nothing but failures for so long is given up, as an endpoint is. */
const failingMsMax = 5 * 24 * 3_600_000

/** Takes the destinations whose health may change, before their deliveries are written; those that are well and stay so are not touched. */
export async function lockDestinations(
  change: Change,
  healths: readonly Omit<DestinationHealth, 'sentWith'>[],
): Promise<DestinationRow[]> {
  if (healths.length === 0) return []
  const troubled = healths
    .filter(({ worked, slowUntil }) => !worked || slowUntil !== null)
    .map(({ destinationId }) => destinationId)
  const { rows } = await change.tx.query<DestinationRow>(
    `select ${destinationColumns} from destination
     where destination.id = any ($1) and destination.enabled and (destination.failing_since is not null or destination.id = any ($2))
     order by destination.id for no key update`,
    [healths.map(({ destinationId }) => destinationId), troubled],
  )
  return rows
}

/** Notes how locked destinations do. `failingSince` comes and goes without an event, as that of an endpoint does. */
export async function noteDestinationHealth(
  change: Change,
  locked: readonly DestinationRow[],
  healths: readonly DestinationHealth[],
): Promise<void> {
  for (const row of locked) {
    const health = healths.find(
      ({ destinationId, sentWith }) => destinationId === row.id && sentWith === destinationSentWith(row),
    )
    if (health) await noteOne(change, row, health)
  }
}

async function noteOne(change: Change, destination: DestinationRow, health: DestinationHealth): Promise<void> {
  const failingSince = health.worked ? null : (destination.failingSince ?? change.now)
  const failingMs = failingSince ? change.now.getTime() - failingSince.getTime() : 0
  const reason = health.gone ? 'gone' : health.bounced ? 'bounced' : failingMs >= failingMsMax ? 'failing' : null
  if (reason) return await disable(change, destination.id, reason, failingSince)
  if (failingSince?.getTime() === destination.failingSince?.getTime() && health.slowUntil === null) return
  await change.tx.query('update destination set failing_since = $2, not_before = greatest(not_before, $3) where id = $1', [
    destination.id,
    failingSince,
    health.slowUntil,
  ])
}

/** A mail that the next server took came back: there is no such mailbox. One that is disabled already stays as it is. */
export async function noteDestinationBounced(change: Change, { destinationId }: { destinationId: DestinationId }): Promise<void> {
  const { rows } = await change.tx.query<DestinationRow>(
    `select ${destinationColumns} from destination where destination.id = $1 and destination.enabled for no key update`,
    [destinationId],
  )
  const destination = rows[0]
  if (destination) await disable(change, destinationId, 'bounced', destination.failingSince ?? change.now)
}

async function disable(
  change: Change,
  destinationId: DestinationId,
  reason: 'gone' | 'bounced' | 'failing',
  failingSince: Date | null,
): Promise<void> {
  const { rows } = await change.tx.query<DestinationRow>(
    `update destination set enabled = false, disabled_reason = $2, failing_since = $3, not_before = null, version = version + 1
     where id = $1 returning ${destinationColumns}`,
    [destinationId, reason, failingSince],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked destination is gone.')
  await dropDeliveries(change, { destinationId })
  change.emit(destinationUpdated, { destination: destinationView(row) })
}
