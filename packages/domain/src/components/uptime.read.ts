import type { ComponentId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { type StatusSpan, type Uptime, uptimeOf } from './uptime.ts'

/** The uptime of one component within a window. Before it was listed, and after the window, nothing is known. */
export async function componentUptime(sql: Sql, input: { componentId: ComponentId; from: Date; to: Date }): Promise<Uptime> {
  const uptimes = await componentUptimes(sql, { ...input, componentIds: [input.componentId] })
  return uptimes.get(input.componentId) ?? uptimeOf([])
}

/** Of several, or of all. */
export async function componentUptimes(
  sql: Sql,
  input: { componentIds?: readonly ComponentId[]; from: Date; to: Date },
): Promise<Map<ComponentId, Uptime>> {
  const { rows } = await sql.query<StatusSpan & { componentId: ComponentId }>(
    `with span as (
       select component_id, status, at as begins,
         coalesce(lead(at) over (partition by component_id order by number), $2::timestamptz) as ends
       from component_status_change
       where ($3::text[] is null or component_id = any ($3)) and at < $2
     )
     select component_id as "componentId", status, greatest(begins, $1::timestamptz) as "from", least(ends, $2::timestamptz) as "to"
     from span where ends > $1 and ends > begins`,
    [input.from, input.to, input.componentIds ?? null],
  )
  return new Map([...Map.groupBy(rows, (row) => row.componentId)].map(([id, spans]) => [id, uptimeOf(spans)]))
}
