import type { DestinationId, ThreatId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

/** Whether a destination was told of a threat, or will be by the next digest. */
export type Told = 'told' | 'held'

/** What each destination knows of these threats. A message that did not arrive, or was not meant to, told nothing. */
export async function readTold(sql: Sql, threatIds: readonly ThreatId[]): Promise<Map<string, Told>> {
  if (threatIds.length === 0) return new Map()
  const { rows } = await sql.query<{ destinationId: DestinationId; threatId: ThreatId; told: Told }>(
    `select destination_id as "destinationId", threat_id as "threatId",
       case when bool_or(state <> 'held') then 'told' else 'held' end as told
     from delivery
     where threat_id = any ($1) and event_type in ('threat.detected', 'threat.updated') and destination_id is not null
       and state in ('pending', 'succeeded', 'digested', 'held')
     group by 1, 2`,
    [threatIds],
  )
  return new Map(rows.map(({ destinationId, threatId, told }) => [toldKey(destinationId, threatId), told]))
}

export const toldKey = (destinationId: DestinationId, threatId: ThreatId): string => `${destinationId} ${threatId}`
