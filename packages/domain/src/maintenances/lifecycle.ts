import type { MaintenanceStatus } from '@tocsin/contract/api/maintenances'

/**
 * ```
 * scheduled ──▶ in_progress ──▶ verifying ──▶ completed
 *     │              │  └───────────────────────▲
 *     └──────────────┴──────────┴──▶ cancelled
 * ```
 */
const steps = {
  scheduled: ['in_progress', 'cancelled'],
  in_progress: ['verifying', 'completed', 'cancelled'],
  verifying: ['completed', 'cancelled'],
  completed: [],
  cancelled: [],
} as const satisfies Record<MaintenanceStatus, readonly MaintenanceStatus[]>

export const mayBecome = (from: MaintenanceStatus, to: MaintenanceStatus): boolean =>
  (steps[from] as readonly MaintenanceStatus[]).includes(to)

export const isActive = (status: MaintenanceStatus): boolean => status === 'in_progress' || status === 'verifying'
export const isOver = (status: MaintenanceStatus): boolean => status === 'completed' || status === 'cancelled'

export interface MaintenanceTimes {
  readonly status: MaintenanceStatus
  readonly startsAt: Date
  readonly endsAt: Date
  readonly remindMinutes: number
  readonly remindedAt: Date | null
}

/** What happens next by itself, and when; null: nothing. A window that was slept through begins and ends, one after the other. */
export function nextStep(times: MaintenanceTimes): { at: Date; step: 'remind' | 'start' | 'complete' } | null {
  const { status, startsAt, endsAt, remindMinutes, remindedAt } = times
  if (isOver(status)) return null
  if (status !== 'scheduled') return { at: endsAt, step: 'complete' }
  if (remindMinutes > 0 && remindedAt === null)
    return { at: new Date(startsAt.getTime() - remindMinutes * 60_000), step: 'remind' }
  return { at: startsAt, step: 'start' }
}
