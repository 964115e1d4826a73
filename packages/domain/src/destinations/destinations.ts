import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Destination, DestinationChanges, DestinationInput } from '@tocsin/contract/api/destinations'
import { destinationCreated, destinationDeleted, destinationUpdated } from '@tocsin/contract/events/deliveries'
import { type DestinationId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { dropDeliveries, planTest } from '../deliveries/deliveries.ts'
import { type DestinationRow, destinationColumns, destinationView } from './destinations.read.ts'

/** Every event is written once for each of them. Two creations at the very limit may both pass: nothing depends on it. */
export const destinationsPerOrgMax = 100

export async function createDestination(change: Change, input: DestinationInput): Promise<Destination> {
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from destination')
  if ((counted[0]?.count ?? 0) >= destinationsPerOrgMax)
    throw new Refusal('limit_reached', `An organisation has ${destinationsPerOrgMax} destinations at most.`)
  const { rows } = await change.tx.query<DestinationRow>(
    `insert into destination (id, org_id, kind, name, address, events, minimum_severity, created_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     returning ${destinationColumns}`,
    [
      newId('destination'),
      change.orgId,
      input.kind,
      input.name || input.address,
      input.address,
      input.events,
      input.minimumSeverity,
      change.now,
    ],
  )
  const destination = destinationView(only(rows))
  change.emit(destinationCreated, { destination })
  return destination
}

/** Disabling drops what is still to be sent or held for a digest. */
export async function updateDestination(
  change: Change,
  input: { destinationId: DestinationId; changes: DestinationChanges; ifVersion: number | null },
): Promise<Destination> {
  const before = await lockDestination(change, input.destinationId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The destination was changed in the meantime: read it again.')
  const { changes } = input
  const wanted = {
    name: changes.name ?? before.name,
    address: changes.address ?? before.address,
    events: changes.events ?? before.events,
    minimumSeverity: changes.minimumSeverity ?? before.minimumSeverity,
    enabled: changes.enabled ?? before.enabled,
  }
  if (isSame(before, wanted)) return destinationView(before)
  const { rows } = await change.tx.query<DestinationRow>(
    `update destination set name = $2, address = $3, events = $4, minimum_severity = $5, enabled = $6, version = version + 1
     where id = $1 returning ${destinationColumns}`,
    [before.id, wanted.name, wanted.address, wanted.events, wanted.minimumSeverity, wanted.enabled],
  )
  if (before.enabled && !wanted.enabled) await dropDeliveries(change, { destinationId: before.id })
  const destination = destinationView(only(rows))
  change.emit(destinationUpdated, { destination })
  return destination
}

/** Its deliveries, sent or not, go with it. */
export async function deleteDestination(change: Change, input: { destinationId: DestinationId }): Promise<void> {
  const { rowCount } = await change.tx.query('delete from destination where id = $1', [input.destinationId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such destination.')
  change.emit(destinationDeleted, { destinationId: input.destinationId })
}

export async function testDestination(change: Change, input: { destinationId: DestinationId }): Promise<Delivery> {
  const destination = await lockDestination(change, input.destinationId)
  if (!destination.enabled) throw new Refusal('conflict', 'The destination is disabled: enable it first.')
  return await planTest(change, { destinationId: destination.id })
}

function isSame(
  before: DestinationRow,
  wanted: Pick<DestinationRow, 'name' | 'address' | 'events' | 'minimumSeverity' | 'enabled'>,
): boolean {
  return (
    before.name === wanted.name &&
    before.address === wanted.address &&
    before.minimumSeverity === wanted.minimumSeverity &&
    before.enabled === wanted.enabled &&
    before.events.join(' ') === wanted.events.join(' ')
  )
}

async function lockDestination(change: Change, destinationId: DestinationId): Promise<DestinationRow> {
  const { rows } = await change.tx.query<DestinationRow>(
    `select ${destinationColumns} from destination where destination.id = $1 for no key update`,
    [destinationId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such destination.')
  return row
}

function only(rows: readonly DestinationRow[]): DestinationRow {
  const row = rows[0]
  if (!row) throw new Error('The destination that was just written is gone.')
  return row
}
