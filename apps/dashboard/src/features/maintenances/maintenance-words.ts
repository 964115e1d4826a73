import type { Maintenance, MaintenanceStatus } from '@tocsin/contract/api/maintenances'

export const statusWords = {
  scheduled: 'Planned',
  in_progress: 'Under way',
  verifying: 'Being looked at',
  completed: 'Over',
  cancelled: 'Called off',
} satisfies Record<MaintenanceStatus, string>

export const statusTones = {
  scheduled: 'info',
  in_progress: 'warn',
  verifying: 'warn',
  completed: 'good',
  cancelled: 'off',
} satisfies Record<MaintenanceStatus, string>

export const isOver = ({ status }: Pick<Maintenance, 'status'>): boolean => status === 'completed' || status === 'cancelled'

/** What is under way first, then what begins soonest. */
export const byBeginning = (a: Maintenance, b: Maintenance): number => a.startsAt.localeCompare(b.startsAt)

const remindChoices = [
  { minutes: 0, label: 'Not at all' },
  { minutes: 60, label: 'An hour before' },
  { minutes: 24 * 60, label: 'A day before' },
  { minutes: 7 * 24 * 60, label: 'A week before' },
] as const

/** Those offered, and whatever somebody has chosen through the API. */
export function remindOptions(chosen: number): { minutes: number; label: string }[] {
  if (remindChoices.some(({ minutes }) => minutes === chosen)) return [...remindChoices]
  return [...remindChoices, { minutes: chosen, label: `${chosen} minutes before` }].sort((a, b) => a.minutes - b.minutes)
}
