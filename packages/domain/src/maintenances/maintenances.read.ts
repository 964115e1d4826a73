import type { Maintenance, MaintenanceStatus } from '@tocsin/contract/api/maintenances'
import type { ComponentId, MaintenanceId, OrgId, SiteId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface MaintenanceRow {
  id: MaintenanceId
  title: string
  description: string
  status: MaintenanceStatus
  startsAt: Date
  endsAt: Date
  remindMinutes: number
  components: Maintenance['components']
  siteIds: SiteId[]
  notify: boolean
  startedAt: Date | null
  completedAt: Date | null
  createdAt: Date
  updatedAt: Date
  version: number
}

export const maintenanceColumns = `maintenance.id, maintenance.title, maintenance.description, maintenance.status,
  maintenance.starts_at as "startsAt", maintenance.ends_at as "endsAt", maintenance.remind_minutes as "remindMinutes",
  coalesce((
    select jsonb_agg(jsonb_build_object('componentId', c.id, 'name', c.name) order by c.id)
    from maintenance_component mc join component c on c.id = mc.component_id where mc.maintenance_id = maintenance.id
  ), '[]') as components,
  array(select ms.site_id from maintenance_site ms where ms.maintenance_id = maintenance.id order by ms.site_id) as "siteIds",
  maintenance.notify, maintenance.started_at as "startedAt", maintenance.completed_at as "completedAt",
  maintenance.created_at as "createdAt", maintenance.updated_at as "updatedAt", maintenance.version`

export const maintenanceView = (row: MaintenanceRow): Maintenance => ({
  ...row,
  startsAt: row.startsAt.toISOString(),
  endsAt: row.endsAt.toISOString(),
  startedAt: row.startedAt?.toISOString() ?? null,
  completedAt: row.completedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export async function listMaintenances(
  sql: Sql,
  request: PageRequest & { status?: MaintenanceStatus | undefined },
): Promise<Page<Maintenance>> {
  const { follows, order } = keyset(request, 'maintenance.created_at', 'maintenance.id')
  const { rows } = await sql.query<MaintenanceRow>(
    `select ${maintenanceColumns} from maintenance where ${follows} and ($4::text is null or maintenance.status = $4)
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.status ?? null],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), maintenanceView)
}

export async function getMaintenance(sql: Sql, maintenanceId: MaintenanceId): Promise<Maintenance> {
  const { rows } = await sql.query<MaintenanceRow>(`select ${maintenanceColumns} from maintenance where maintenance.id = $1`, [
    maintenanceId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such maintenance.')
  return maintenanceView(row)
}

/** What a visitor sees: what is under way and what comes, soonest first. */
export async function upcomingMaintenances(sql: Sql, limit: number): Promise<Maintenance[]> {
  const { rows } = await sql.query<MaintenanceRow>(
    `select ${maintenanceColumns} from maintenance where maintenance.status in ('scheduled', 'in_progress', 'verifying')
     order by maintenance.starts_at, maintenance.id limit $1`,
    [limit],
  )
  return rows.map(maintenanceView)
}

export interface ActiveMaintenance {
  maintenanceId: MaintenanceId
  title: string
  siteIds: SiteId[]
  componentIds: ComponentId[]
  endsAt: Date
}

/** What is under way. One whose time has come counts from then on, even if the scheduler has yet to see it. */
export async function activeMaintenances(sql: Sql, now: Date): Promise<ActiveMaintenance[]> {
  const { rows } = await sql.query<ActiveMaintenance>(
    `select m.id as "maintenanceId", m.title, m.ends_at as "endsAt",
       array(select ms.site_id from maintenance_site ms where ms.maintenance_id = m.id order by 1) as "siteIds",
       array(select mc.component_id from maintenance_component mc where mc.maintenance_id = m.id order by 1) as "componentIds"
     from maintenance m
     where (m.status in ('in_progress', 'verifying') or (m.status = 'scheduled' and m.starts_at <= $1)) and m.ends_at > $1
     order by m.starts_at, m.id`,
    [now],
  )
  return rows
}

/** Those of all orgs for which something happens by now. */
export async function dueMaintenances(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ orgId: OrgId; maintenanceId: MaintenanceId }[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; maintenanceId: MaintenanceId }>(
      'select org_id as "orgId", maintenance_id as "maintenanceId" from due_maintenances($1, $2)',
      [now, limit],
    ),
  )
  return rows
}
