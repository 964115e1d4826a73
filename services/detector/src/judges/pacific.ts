const dayMs = 86_400_000
const inPacific = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/Los_Angeles',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The date in California, by which Google counts days: `2026-03-01`. */
export const pacificDay = (at: Date): string => inPacific.format(at)

/** Days are dates, not spans of time: no clock is put forward or back between them. */
export const addDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10)

/** How many days `to` is after `from`. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs)

export const daysFrom = (from: string, through: string): string[] =>
  Array.from({ length: Math.max(0, daysBetween(from, through) + 1) }, (_, n) => addDays(from, n))

/** Its first moment: seven or eight hours after midnight UTC. */
export function startOfPacificDay(day: string): Date {
  const winter = Date.parse(`${day}T08:00:00Z`)
  return new Date(pacificDay(new Date(winter - 1)) === day ? winter - 3_600_000 : winter)
}
