import type { QuietWindow, Schedule, Weekday } from '@tocsin/contract/api/preferences'

export const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[]

const dayMinutes = 1440
const weekMinutes = 7 * dayMinutes

/**
 * Until which time by the clocks of the zone it is quiet now; null: it is not. The server goes by instants and knows of clocks that are set
 * forward or back; here is only what a wall clock will show, for a person to read.
 */
export function quietNow(
  { zone, windows }: Pick<Schedule, 'zone' | 'windows'>,
  at: Date,
): { day: Weekday; time: string } | 'always' | null {
  const now = minuteOfWeek(zone, at)
  let until = now
  for (let end = endAt(windows, until); end !== null; end = endAt(windows, until)) {
    until = end
    if (until - now >= weekMinutes) return 'always'
  }
  if (until === now) return null
  const minute = until % weekMinutes
  return { day: weekdays[Math.floor(minute / dayMinutes)] ?? 'mon', time: timeText(minute % dayMinutes) }
}

/** When the window that holds at this minute ends; of several, the latest. Minutes go on counting beyond the week. */
function endAt(windows: readonly QuietWindow[], at: number): number | null {
  let latest: number | null = null
  for (const { days, from, to } of windows)
    for (const day of days) {
      const length = (minutesOf(to) - minutesOf(from) + dayMinutes) % dayMinutes || dayMinutes
      const begins = weekdays.indexOf(day) * dayMinutes + minutesOf(from)
      const since = (((at - begins) % weekMinutes) + weekMinutes) % weekMinutes
      if (since < length) latest = Math.max(latest ?? 0, at + length - since)
    }
  return latest
}

function minuteOfWeek(zone: string, at: Date): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const parts = format.formatToParts(at)
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? ''
  const names: readonly string[] = weekdays
  return names.indexOf(part('weekday').toLowerCase()) * dayMinutes + Number(part('hour')) * 60 + Number(part('minute'))
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function timeText(minute: number): string {
  const two = (number: number) => String(number).padStart(2, '0')
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
}

/** The browser's own zone first: it is nearly always the one that is meant. Then whatever is kept, then all others. */
export function zoneChoices(kept: string): { likely: string[]; others: string[] } {
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
  const likely = [...new Set([own, kept, 'UTC'])]
  return { likely, others: Intl.supportedValuesOf('timeZone').filter((zone) => !likely.includes(zone)) }
}
