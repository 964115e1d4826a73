import type {
  Incident,
  IncidentChanges,
  IncidentInput,
  IncidentStatus,
  IncidentUpdate,
  IncidentUpdateInput,
} from '@tocsin/contract/api/incidents'
import { incidentCreated, incidentResolved, incidentUpdated } from '@tocsin/contract/events/incidents'
import { type ComponentId, type IncidentId, type IncidentUpdateId, newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import { requireComponents, settleComponents } from '../components/components.ts'
import { getIncident, type IncidentUpdateRow, updateColumns, updateView } from './incidents.read.ts'

/** Each is shown in full on the page. Two at the very limit may both pass: nothing depends on it. */
const openIncidentsMax = 100
/** Somebody tells how it goes every five minutes for a day. */
const updatesMax = 300

type Affected = NonNullable<IncidentChanges['components']>

/** One that is over already is told of, and holds nothing. */
export async function createIncident(change: Change, input: IncidentInput): Promise<Incident> {
  const { tx, orgId, now } = change
  const { rows: counted } = await tx.query<{ count: number }>(`select count(*) as count from incident where status <> 'resolved'`)
  if ((counted[0]?.count ?? 0) >= openIncidentsMax)
    throw new Refusal('limit_reached', `${openIncidentsMax} incidents are open already.`)
  const startedAt = input.startedAt ? new Date(input.startedAt) : now
  if (startedAt > now) throw invalid('startedAt', 'Must not be in the future.')
  await requireComponents(change, idsOf(input.components))
  const incidentId = newId('incident')
  await tx.query(
    `insert into incident (id, org_id, title, impact, status, started_at, resolved_at, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, case when $5 = 'resolved' then $7::timestamptz end, $7, $7)`,
    [incidentId, orgId, input.title, input.impact, input.status, startedAt, now],
  )
  const update = await writeUpdate(change, { incidentId, ...input })
  await setAffected(change, incidentId, input.components)
  const incident = await getIncident(tx, incidentId)
  change.emit(incidentCreated, { incident, update })
  if (input.status === 'resolved') change.emit(incidentResolved, { incident, update: null })
  await settleComponents(change, { componentIds: idsOf(input.components) })
  return incident
}

/** Corrects what it says; nobody is told but those who watch. */
export async function updateIncident(
  change: Change,
  input: { incidentId: IncidentId; changes: IncidentChanges; ifVersion: number | null },
): Promise<Incident> {
  const before = await lockIncident(change, input.incidentId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The incident was changed in the meantime: read it again.')
  const { title = before.title, impact = before.impact, components } = input.changes
  if (components) await requireComponents(change, idsOf(components))
  const isSameText = title === before.title && impact === before.impact
  if (isSameText && (!components || isSameAffected(before, components))) return before
  await change.tx.query('update incident set title = $2, impact = $3, updated_at = $4, version = version + 1 where id = $1', [
    before.id,
    title,
    impact,
    change.now,
  ])
  if (components) await setAffected(change, before.id, components)
  const incident = await getIncident(change.tx, before.id)
  change.emit(incidentUpdated, { incident, update: null })
  const touched = new Set([...idsOf(before.components), ...idsOf(incident.components)])
  if (components) await settleComponents(change, { componentIds: [...touched] })
  return incident
}

/** How it goes on. `resolved` is the end of it: its components are set back, unless something else holds them. */
export async function addIncidentUpdate(
  change: Change,
  input: IncidentUpdateInput & { incidentId: IncidentId },
): Promise<Incident> {
  const before = await lockIncident(change, input.incidentId)
  const status = input.status ?? before.status
  if (before.status === 'resolved' && status !== 'resolved')
    throw new Refusal('conflict', 'The incident is resolved: open another one.')
  await refuseMoreUpdates(change, before.id)
  if (input.components) await requireComponents(change, idsOf(input.components))
  const update = await writeUpdate(change, { ...input, status })
  const ends = status === 'resolved' && before.status !== 'resolved'
  await change.tx.query(
    `update incident set status = $2, resolved_at = case when $3 then $4::timestamptz else resolved_at end, updated_at = $4,
       version = version + 1 where id = $1`,
    [before.id, status, ends, change.now],
  )
  if (input.components) await setAffected(change, before.id, input.components)
  const incident = await getIncident(change.tx, before.id)
  const affected = [...new Set([...idsOf(before.components), ...idsOf(incident.components)])]
  change.emit(ends ? incidentResolved : incidentUpdated, { incident, update })
  await settleComponents(change, { componentIds: affected, forgetOwn: ends })
  return incident
}

export async function editIncidentUpdate(
  change: Change,
  input: { incidentId: IncidentId; incidentUpdateId: IncidentUpdateId; body: string },
): Promise<Incident> {
  const before = await lockIncident(change, input.incidentId)
  const { rows } = await change.tx.query<{ body: string }>(
    'select body from incident_update where id = $1 and incident_id = $2',
    [input.incidentUpdateId, before.id],
  )
  const old = rows[0]
  if (!old) throw new Refusal('not_found', 'No such update.')
  if (old.body === input.body) return before
  await change.tx.query('update incident_update set body = $2, edited_at = $3 where id = $1', [
    input.incidentUpdateId,
    input.body,
    change.now,
  ])
  await change.tx.query('update incident set updated_at = $2, version = version + 1 where id = $1', [before.id, change.now])
  const incident = await getIncident(change.tx, before.id)
  change.emit(incidentUpdated, { incident, update: null })
  return incident
}

async function lockIncident(change: Change, incidentId: IncidentId): Promise<Incident> {
  await change.tx.query('select id from incident where id = $1 for no key update', [incidentId])
  return getIncident(change.tx, incidentId)
}

async function refuseMoreUpdates(change: Change, incidentId: IncidentId): Promise<void> {
  const { rows } = await change.tx.query<{ count: number }>(
    'select count(*) as count from incident_update where incident_id = $1',
    [incidentId],
  )
  if ((rows[0]?.count ?? 0) >= updatesMax) throw new Refusal('limit_reached', `An incident has ${updatesMax} updates at most.`)
}

async function writeUpdate(
  change: Change,
  input: { incidentId: IncidentId; status: IncidentStatus; body: string; notify: boolean },
): Promise<IncidentUpdate> {
  const { rows } = await change.tx.query<IncidentUpdateRow>(
    `insert into incident_update (id, org_id, incident_id, status, body, notify, at) values ($1, $2, $3, $4, $5, $6, $7)
     returning ${updateColumns}`,
    [newId('incidentUpdate'), change.orgId, input.incidentId, input.status, input.body, input.notify, change.now],
  )
  const row = rows[0]
  if (!row) throw new Error('The update that was just written is gone.')
  return updateView(row)
}

async function setAffected(change: Change, incidentId: IncidentId, affected: Affected): Promise<void> {
  await change.tx.query('delete from incident_component where incident_id = $1 and not component_id = any ($2)', [
    incidentId,
    idsOf(affected),
  ])
  await change.tx.query(
    `insert into incident_component (org_id, incident_id, component_id, status)
     select $1, $2, a.id, a.status from unnest($3::text[], $4::text[]) as a (id, status)
     on conflict (incident_id, component_id) do update set status = excluded.status`,
    [change.orgId, incidentId, idsOf(affected), affected.map(({ status }) => status)],
  )
}

const idsOf = (affected: readonly { componentId: ComponentId }[]): ComponentId[] => affected.map(({ componentId }) => componentId)

function isSameAffected(before: Incident, affected: Affected): boolean {
  const old = new Map(before.components.map(({ componentId, status }) => [componentId, status]))
  return old.size === affected.length && affected.every(({ componentId, status }) => old.get(componentId) === status)
}

const invalid = (path: string, message: string) => new Refusal('invalid', message, { issues: [{ path, message }] })
