import type { Destination } from '@tocsin/contract/api/destinations'
import { channels } from '@tocsin/contract/channels/catalog'
import type { DestinationId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Severity } from '@tocsin/contract/rule'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface DestinationRow {
  id: DestinationId
  kind: Destination['kind']
  name: string
  address: string
  config: Record<string, unknown>
  credentials: string | null
  events: string[]
  minimumSeverity: Severity
  enabled: boolean
  disabledReason: Destination['disabledReason']
  failingSince: Date | null
  createdAt: Date
  version: number
}

export const destinationColumns = `destination.id, destination.kind, destination.name, coalesce(destination.address, '') as address,
  destination.config, destination.credentials, destination.events, destination.disabled_reason as "disabledReason",
  destination.failing_since as "failingSince",
  destination.minimum_severity as "minimumSeverity", destination.enabled, destination.created_at as "createdAt", destination.version`

export function destinationView({ config, credentials, ...row }: DestinationRow): Destination {
  return {
    ...row,
    settings: config,
    secrets: credentials === null || row.kind === 'email' ? [] : [...channels[row.kind].secrets],
    failingSince: row.failingSince?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}

export async function listDestinations(sql: Sql, request: PageRequest): Promise<Page<Destination>> {
  const { follows, order } = keyset(request, 'destination.created_at', 'destination.id')
  const { rows } = await sql.query<DestinationRow>(
    `select ${destinationColumns} from destination
     where ${follows}
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), destinationView)
}

export async function getDestination(sql: Sql, destinationId: DestinationId): Promise<Destination> {
  const { rows } = await sql.query<DestinationRow>(`select ${destinationColumns} from destination where destination.id = $1`, [
    destinationId,
  ])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such destination.')
  return destinationView(row)
}

/** Who may be told by mail, and of what. They stay enabled until the change is committed. */
export async function enabledDestinations(
  sql: Sql,
): Promise<{ id: DestinationId; events: string[]; minimumSeverity: Severity }[]> {
  const { rows } = await sql.query<{ id: DestinationId; events: string[]; minimumSeverity: Severity }>(
    'select id, events, minimum_severity as "minimumSeverity" from destination where enabled order by id for share',
  )
  return rows
}

/** Who may be told of alerts, disabled ones too: that is a reason. They stay as they are until the change is committed. */
export async function destinationsToTell(sql: Sql): Promise<DestinationToTell[]> {
  const { rows } = await sql.query<DestinationToTell>(
    `select id, kind as channel, name, coalesce(address, '') as address, events, minimum_severity as "minimumSeverity", enabled
     from destination order by id for share`,
  )
  return rows
}

type DestinationToTell = Pick<DestinationRow, 'id' | 'name' | 'address' | 'events' | 'minimumSeverity' | 'enabled'> & {
  channel: DestinationRow['kind']
}
