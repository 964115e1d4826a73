import type { AlertCondition, AlertRuleFilter } from '@tocsin/contract/api/alert-rules'
import type { SiteId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

export interface Window {
  readonly from: Date
  readonly to: Date
}

export interface ReadingInput {
  readonly subjectIds: readonly string[]
  readonly windows: readonly Window[]
  readonly condition: Pick<AlertCondition, 'metric' | 'percentile'>
  readonly filter: Pick<AlertRuleFilter, 'types' | 'severities'>
}

/** By subject, for each window: null where there is not enough to say. Subjects of which nothing is known may be left out. */
export type Readings = ReadonlyMap<string, readonly (number | null)[]>

/** How one family of metrics is measured. It only reads: what follows from a value is the rule's business. */
export type MetricReader = (sql: Sql, input: ReadingInput) => Promise<Readings>

export interface Subject {
  readonly id: string
  readonly name: string
  readonly siteId: SiteId | null
}

interface Cell {
  id: string
  number: number
  value: number | null
}

/** Rows of subject, number of the window (from 0) and value. */
export function readingsOf(rows: readonly Cell[], windows: readonly Window[]): Readings {
  const readings = new Map<string, (number | null)[]>()
  for (const { id, number, value } of rows) {
    const values = readings.get(id) ?? windows.map(() => null)
    values[number] = value
    readings.set(id, values)
  }
  return readings
}

/** For `unnest($n::timestamptz[], $m::timestamptz[]) with ordinality`. */
export const bounds = (windows: readonly Window[]): [from: Date[], to: Date[]] => [
  windows.map(({ from }) => from),
  windows.map(({ to }) => to),
]

/** From the first to the last moment of any of them. */
export const spanOf = (windows: readonly Window[]): Window => ({
  from: new Date(Math.min(...windows.map(({ from }) => from.getTime()))),
  to: new Date(Math.max(...windows.map(({ to }) => to.getTime()))),
})
