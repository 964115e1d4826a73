import type { ComponentStatus } from '@tocsin/contract/api/components'

export interface StatusSpan {
  readonly status: ComponentStatus
  readonly from: Date
  readonly to: Date
}

export interface Uptime {
  /** Percent, floored to three decimals; null: nothing counts. */
  readonly uptime: number | null
  readonly upSeconds: number
  readonly downSeconds: number
  readonly maintenanceSeconds: number
}

const counts = {
  operational: 'up',
  degraded_performance: 'up',
  partial_outage: 'down',
  major_outage: 'down',
  under_maintenance: 'maintenance',
} as const satisfies Record<ComponentStatus, string>

/** up ÷ (up + down), weighted by time. Floored, so that one failure never shows 100 %; what no span covers is a gap and counts nowhere. */
export function uptimeOf(spans: readonly StatusSpan[]): Uptime {
  const ms = { up: 0, down: 0, maintenance: 0 }
  for (const { status, from, to } of spans) ms[counts[status]] += Math.max(0, to.getTime() - from.getTime())
  const known = ms.up + ms.down
  return {
    uptime: known === 0 ? null : floored(ms.up, known),
    upSeconds: ms.up / 1000,
    downSeconds: ms.down / 1000,
    maintenanceSeconds: ms.maintenance / 1000,
  }
}

/** In whole numbers: a quotient of milliseconds may round up to 1. Centuries of milliseconds times 100 000 are still exact as BigInt. */
const floored = (up: number, known: number): number =>
  Number((BigInt(Math.round(up)) * 100_000n) / BigInt(Math.round(known))) / 1000
