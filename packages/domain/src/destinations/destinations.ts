import { isDeepStrictEqual } from 'node:util'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Destination, DestinationChanges, DestinationInput } from '@tocsin/contract/api/destinations'
import { destinationCreated, destinationDeleted, destinationUpdated } from '@tocsin/contract/events/deliveries'
import { type DestinationId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { dropDeliveries, planTest } from '../deliveries/deliveries.ts'
import { storableJson } from '../storable-json.ts'
import { type DestinationRow, destinationColumns, destinationView } from './destinations.read.ts'
import { changedSettings, noSettings, sealSettings } from './settings.ts'

/** Every event is written once for each of them. Two creations at the very limit may both pass: nothing depends on it. */
export const destinationsPerOrgMax = 100

export async function createDestination(
  change: Change,
  { input, box }: { input: DestinationInput; box: SecretBox },
): Promise<Destination> {
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from destination')
  if ((counted[0]?.count ?? 0) >= destinationsPerOrgMax)
    throw new Refusal('limit_reached', `An organisation has ${destinationsPerOrgMax} destinations at most.`)
  const id = newId('destination')
  const reached = input.kind === 'email' ? { address: input.address, ...noSettings } : sealSettings(input, id, box)
  const { rows } = await change.tx.query<DestinationRow>(
    `insert into destination (id, org_id, kind, name, address, config, credentials, events, minimum_severity, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     returning ${destinationColumns}`,
    [
      id,
      change.orgId,
      input.kind,
      input.name || reached.address,
      reached.address,
      storableJson(reached.config),
      reached.credentials,
      input.events,
      input.minimumSeverity,
      change.now,
    ],
  )
  const destination = destinationView(only(rows))
  change.emit(destinationCreated, { destination })
  return destination
}

/** Disabling drops what is still to be sent or held for a digest. New settings, or enabling it, begin with a clean sheet. */
export async function updateDestination(
  change: Change,
  input: { destinationId: DestinationId; changes: DestinationChanges; ifVersion: number | null; box: SecretBox },
): Promise<Destination> {
  const before = await lockDestination(change, input.destinationId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The destination was changed in the meantime: read it again.')
  const { changes } = input
  const wanted = {
    name: changes.name ?? before.name,
    events: changes.events ?? before.events,
    minimumSeverity: changes.minimumSeverity ?? before.minimumSeverity,
    enabled: changes.enabled ?? before.enabled,
    ...changedSettings(before, changes, input.box),
  }
  if (isDeepStrictEqual({ ...before, ...wanted }, before)) return destinationView(before)
  const isReset = wanted.address !== before.address || changes.settings !== undefined || (wanted.enabled && !before.enabled)
  const { rows } = await change.tx.query<DestinationRow>(
    `update destination set name = $2, address = $3, config = $4, credentials = $5, events = $6, minimum_severity = $7, enabled = $8,
       disabled_reason = case when $8 then null when enabled then 'by_hand' else disabled_reason end,
       failing_since = case when $9 then null else failing_since end, not_before = case when $9 then null else not_before end,
       version = version + 1
     where id = $1 returning ${destinationColumns}`,
    [
      before.id,
      wanted.name,
      wanted.address,
      storableJson(wanted.config),
      wanted.credentials,
      wanted.events,
      wanted.minimumSeverity,
      wanted.enabled,
      isReset,
    ],
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
