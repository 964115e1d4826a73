import type { QuietWindow, Schedule, Weekday } from '@tocsin/contract/api/preferences'
import { Temporal } from 'temporal-polyfill'

/** Windows that follow each other without a gap might never end: after this a message is told all the same. */
const quietMsMax = 7 * 24 * 3_600_000

const weekdays: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/**
 * When the quiet that holds at this moment is over; null: it does not hold. Windows that overlap or touch are one. A window belongs to the
 * day it begins on; a wall clock that skips its time moves it to the moment of the skip, and one that shows it twice means the first.
 */
export function quietUntil(schedule: Pick<Schedule, 'zone' | 'windows'>, at: Date): Date | null {
  // Most people have none, and to ask a zone for its clocks is not cheap.
  if (schedule.windows.length === 0) return null
  const last = at.getTime() + quietMsMax
  let until = at.getTime()
  for (let next = endOfWindowAt(schedule, until); next !== null; next = endOfWindowAt(schedule, until)) {
    until = next
    if (until >= last) return new Date(last)
  }
  return until === at.getTime() ? null : new Date(until)
}

/** The latest end among the windows that hold at this moment. */
function endOfWindowAt({ zone, windows }: Pick<Schedule, 'zone' | 'windows'>, atMs: number): number | null {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDate()
  let latest: number | null = null
  // Tomorrow's too: clocks that are set back over midnight show a day again of which the next one has begun already.
  for (const days of [-1, 0, 1]) {
    const day = today.add({ days })
    for (const window of windows.filter((each) => beginsOn(each, day))) {
      const endDay = window.to <= window.from ? day.add({ days: 1 }) : day
      const endMs = instantOf(endDay, window.to, zone)
      if (endMs > Math.max(atMs, latest ?? atMs) && instantOf(day, window.from, zone) <= atMs) latest = endMs
    }
  }
  return latest
}

function beginsOn(window: QuietWindow, day: Temporal.PlainDate): boolean {
  const weekday = weekdays[day.dayOfWeek - 1]
  return weekday !== undefined && window.days.includes(weekday)
}

/** The first moment at which the zone's clocks show this time of this day, or a later one. */
function instantOf(day: Temporal.PlainDate, time: string, zone: string): number {
  const wanted = day.toPlainDateTime(Temporal.PlainTime.from(time))
  const found = wanted.toZonedDateTime(zone, { disambiguation: 'compatible' })
  if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds
  // Skipped: the moment of the skip is the last change of the clocks up to the one found, itself included.
  const skip = found.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')
  if (!skip) throw new Error(`${zone} skips ${wanted.toString()} without a change of its clocks.`)
  return skip.epochMilliseconds
}

/** The next time after this moment at which the zone's clocks show the time of day. */
export function nextTimeOfDay(schedule: { zone: string; time: string }, at: Date): Date {
  const today = Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(schedule.zone).toPlainDate()
  for (const days of [0, 1, 2]) {
    const ms = instantOf(today.add({ days }), schedule.time, schedule.zone)
    if (ms > at.getTime()) return new Date(ms)
  }
  throw new Error(`${schedule.zone} has no ${schedule.time} for two days.`)
}
