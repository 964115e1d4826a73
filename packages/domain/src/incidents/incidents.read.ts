import { type Incident, type IncidentUpdate, incidentUpdatesShown } from '@tocsin/contract/api/incidents'
import type { ComponentId, IncidentId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface IncidentRow extends Omit<Incident, 'startedAt' | 'resolvedAt' | 'createdAt' | 'updatedAt'> {
  startedAt: Date
  resolvedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

const columns = `incident.id, incident.title, incident.impact, incident.status, incident.started_at as "startedAt",
  incident.resolved_at as "resolvedAt", incident.created_at as "createdAt", incident.updated_at as "updatedAt", incident.version,
  coalesce((
    select jsonb_agg(jsonb_build_object('componentId', c.id, 'name', c.name, 'status', ic.status) order by c.id)
    from incident_component ic join component c on c.id = ic.component_id where ic.incident_id = incident.id
  ), '[]') as components,
  coalesce((
    select jsonb_agg(u.view order by u.at desc, u.id desc) from (
      select u.id, u.at, jsonb_build_object('id', u.id, 'incidentId', u.incident_id, 'status', u.status, 'body', u.body,
        'notify', u.notify, 'at', u.at, 'editedAt', u.edited_at) as view
      from incident_update u where u.incident_id = incident.id order by u.at desc, u.id desc limit ${incidentUpdatesShown}
    ) u
  ), '[]') as updates`

const incidentView = (row: IncidentRow): Incident => ({
  ...row,
  // Times inside JSON are text, in the zone of the database.
  updates: row.updates.map((update) => ({ ...update, at: utc(update.at), editedAt: update.editedAt && utc(update.editedAt) })),
  startedAt: row.startedAt.toISOString(),
  resolvedAt: row.resolvedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

const utc = (text: string): string => new Date(text).toISOString()

export async function listIncidents(
  sql: Sql,
  request: PageRequest & { state?: 'open' | 'resolved' | undefined; componentId?: ComponentId | undefined },
): Promise<Page<Incident>> {
  const { follows, order } = keyset(request, 'incident.created_at', 'incident.id')
  const { rows } = await sql.query<IncidentRow>(
    `select ${columns} from incident
     where ${follows}
       and ($4::text is null or (incident.status = 'resolved') = ($4 = 'resolved'))
       and ($5::text is null or exists (
         select from incident_component ic where ic.incident_id = incident.id and ic.component_id = $5))
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.state ?? null, request.componentId ?? null],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), incidentView)
}

export async function getIncident(sql: Sql, incidentId: IncidentId): Promise<Incident> {
  const { rows } = await sql.query<IncidentRow>(`select ${columns} from incident where incident.id = $1`, [incidentId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such incident.')
  return incidentView(row)
}

/** What a visitor sees: what is open, and what ended after a moment. */
export async function currentIncidents(sql: Sql, input: { endedAfter: Date; limit: number }): Promise<Incident[]> {
  const { rows } = await sql.query<IncidentRow>(
    `select ${columns} from incident where incident.status <> 'resolved' or incident.resolved_at > $1
     order by incident.status = 'resolved', incident.started_at desc, incident.id desc limit $2`,
    [input.endedAfter, input.limit],
  )
  return rows.map(incidentView)
}

export interface IncidentUpdateRow extends Omit<IncidentUpdate, 'at' | 'editedAt'> {
  at: Date
  editedAt: Date | null
}

export const updateColumns = 'id, incident_id as "incidentId", status, body, notify, at, edited_at as "editedAt"'

export const updateView = (row: IncidentUpdateRow): IncidentUpdate => ({
  ...row,
  at: row.at.toISOString(),
  editedAt: row.editedAt?.toISOString() ?? null,
})

export async function listIncidentUpdates(
  sql: Sql,
  request: PageRequest & { incidentId: IncidentId },
): Promise<Page<IncidentUpdate>> {
  await getIncident(sql, request.incidentId)
  const { follows, order } = keyset(request, 'at', 'id')
  const { rows } = await sql.query<IncidentUpdateRow>(
    `select ${updateColumns} from incident_update where ${follows} and incident_id = $4 order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.incidentId],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.at, id: row.id }), updateView)
}
