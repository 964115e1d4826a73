import { system } from '@tocsin/contract/actor'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import type { FormFactor, VitalMetric } from '@tocsin/contract/vitals'
import { bucketOf } from '@tocsin/domain/vitals/buckets'
import { histogramOf } from '@tocsin/domain/vitals/histogram'
import { recordVitals } from '@tocsin/domain/vitals/record'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

export interface Measured {
  readonly orgId: OrgId
  readonly siteId: SiteId
  readonly metric: VitalMetric
  readonly form: FormFactor
  readonly template: string
  readonly value: number
}

export interface VitalsBuffer {
  /** False: it is full, and nothing of it was taken. */
  add(measured: readonly Measured[]): boolean
  /** Writes what has come in. What cannot be written is kept for the next time. */
  flush(): Promise<PassResult>
}

type Cell = Omit<Measured, 'value'> & { hour: Date; counts: Map<number, number> }

/** Some 30 MB at the very most: a cell of three seconds has few buckets. */
const cellsMax = 50_000
/** Of one transaction. */
const cellsPerWrite = 500
const hourMs = 3_600_000
/** Sites whose hour has been told to the detectors; forgotten with the hour. */
const toldMax = 100_000

/**
 * What pages report is added up in memory and written every few seconds: a thousand reports are one row. A process that dies loses what
 * it had not written; of samples, that is a few.
 */
export function createVitalsBuffer(deps: Pick<Foundation, 'journal' | 'clock' | 'log' | 'metrics'>): VitalsBuffer {
  let cells = new Map<string, Cell>()
  let told = new Set<string>()
  let toldHour = 0
  const taken = deps.metrics.counter('vitals_measurements_total', 'Measurements that pages have reported')

  function add(measured: readonly Measured[]): boolean {
    if (cells.size + measured.length > cellsMax) return false
    const hour = new Date(Math.floor(deps.clock.now().getTime() / hourMs) * hourMs)
    for (const { value, ...cell } of measured) {
      const { counts } = cellOf(cells, { ...cell, hour })
      const bucket = bucketOf(cell.metric, value)
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    }
    taken.inc(measured.length)
    return true
  }

  /** Once an hour is often enough to look for what changes by the day. */
  function toJudge(orgCells: readonly Cell[]): SiteId[] {
    const hour = Math.floor(deps.clock.now().getTime() / hourMs)
    if (hour !== toldHour || told.size >= toldMax) told = new Set()
    toldHour = hour
    return [...new Set(orgCells.map(({ siteId }) => siteId))].filter((siteId) => !told.has(siteId))
  }

  async function write(orgId: OrgId, part: readonly Cell[]): Promise<void> {
    const judge = toJudge(part)
    const rows = part.map(({ counts, ...cell }) => ({ ...cell, histogram: histogramOf(counts) }))
    await deps.journal.change(orgId, system('api'), (change) => recordVitals(change, { cells: rows, judge }))
    for (const siteId of judge) told.add(siteId)
  }

  async function writeAll(orgId: OrgId, own: readonly Cell[]): Promise<void> {
    for (let from = 0; from < own.length; from += cellsPerWrite)
      try {
        await write(orgId, own.slice(from, from + cellsPerWrite))
      } catch (error) {
        putBack(cells, own.slice(from))
        throw error
      }
  }

  return {
    add,
    async flush() {
      const waiting = cells
      cells = new Map()
      const errors: unknown[] = []
      // What cannot be written of one org must not keep the others waiting.
      for (const [orgId, own] of Map.groupBy(waiting.values(), (cell) => cell.orgId))
        await writeAll(orgId, own).catch((error: unknown) => void errors.push(error))
      if (errors.length > 0) throw errors[0]
      // Every few seconds at most, however much comes in.
      return 'idle'
    },
  }
}

const keyOf = ({ siteId, hour, metric, form, template }: Omit<Cell, 'counts'>): string =>
  `${siteId} ${hour.getTime()} ${metric} ${form} ${template}`

function cellOf(cells: Map<string, Cell>, cell: Omit<Cell, 'counts'>): Cell {
  const key = keyOf(cell)
  const known = cells.get(key) ?? { ...cell, counts: new Map() }
  cells.set(key, known)
  return known
}

/** Together with what has come in meanwhile. It may then be more than the limit: nothing new is taken until it is written. */
function putBack(cells: Map<string, Cell>, unwritten: Iterable<Cell>): void {
  for (const { counts, ...cell } of unwritten) {
    const into = cellOf(cells, cell).counts
    for (const [bucket, count] of counts) into.set(bucket, (into.get(bucket) ?? 0) + count)
  }
}
