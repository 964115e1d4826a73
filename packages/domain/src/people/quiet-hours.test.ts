import { describe, expect, jest, test } from '@jest/globals'
import { Schedule, type Weekday } from '@tocsin/contract/api/preferences'
import { nextTimeOfDay, quietUntil } from './quiet-hours.ts'

jest.setTimeout(120_000)

const minute = 60_000
const hour = 60 * minute
const everyDay: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
type Windows = Schedule['windows']
const window = (from: string, to: string, days: Weekday[] = everyDay) => ({ days, from, to })
const until = (zone: string, windows: Windows, at: string) => quietUntil({ zone, windows }, new Date(at))?.toISOString() ?? null

describe('a window', () => {
  const night = [window('22:00', '07:00', ['mon'])]
  test.each([
    { when: 'before it', at: '2026-06-01T19:59:59Z', expected: null },
    { when: 'its first moment', at: '2026-06-01T20:00:00Z', expected: '2026-06-02T05:00:00.000Z' },
    {
      when: 'after midnight it is still of the day it began on',
      at: '2026-06-02T04:59:59Z',
      expected: '2026-06-02T05:00:00.000Z',
    },
    { when: 'its end is outside', at: '2026-06-02T05:00:00Z', expected: null },
    { when: 'another day', at: '2026-06-02T20:00:00Z', expected: null },
  ])('$when', ({ at, expected }) => expect(until('Europe/Berlin', night, at)).toBe(expected))

  test('that ends when it begins is a day long', () =>
    expect(until('UTC', [window('09:00', '09:00', ['mon'])], '2026-06-01T09:00:00Z')).toBe('2026-06-02T09:00:00.000Z'))

  test('that touches or overlaps the next is one with it', () => {
    const weekend = [window('20:00', '00:00', ['fri']), window('00:00', '12:00', ['sat']), window('11:00', '06:00', ['sat'])]
    expect(until('UTC', weekend, '2026-06-05T21:00:00Z')).toBe('2026-06-07T06:00:00.000Z')
  })

  test('that never ends is told after a week', () =>
    expect(until('UTC', [window('00:00', '00:00')], '2026-06-01T09:00:00Z')).toBe('2026-06-08T09:00:00.000Z'))
})

describe('a night in which clocks change', () => {
  test.each([
    {
      when: 'a skipped end is the moment of the skip',
      zone: 'Europe/Berlin',
      from: '22:00',
      to: '02:30',
      at: '2026-03-28T23:00:00Z',
      expected: '2026-03-29T01:00:00.000Z',
    },
    {
      when: 'a skipped beginning too',
      zone: 'Europe/Berlin',
      from: '02:30',
      to: '05:00',
      at: '2026-03-29T01:00:00Z',
      expected: '2026-03-29T03:00:00.000Z',
    },
    {
      when: 'a window that is skipped is none',
      zone: 'Europe/Berlin',
      from: '02:10',
      to: '02:50',
      at: '2026-03-29T01:00:00Z',
      expected: null,
    },
    {
      when: 'what comes twice ends at the first',
      zone: 'Europe/Berlin',
      from: '22:00',
      to: '02:30',
      at: '2026-10-24T23:00:00Z',
      expected: '2026-10-25T00:30:00.000Z',
    },
    {
      when: 'and is over at the second',
      zone: 'Europe/Berlin',
      from: '22:00',
      to: '02:30',
      at: '2026-10-25T01:15:00Z',
      expected: null,
    },
    {
      when: 'half an hour is skipped',
      zone: 'Australia/Lord_Howe',
      from: '22:00',
      to: '02:15',
      at: '2026-10-03T13:00:00Z',
      expected: '2026-10-03T15:30:00.000Z',
    },
  ])('$when', ({ zone, from, to, at, expected }) => expect(until(zone, [window(from, to)], at)).toBe(expected))
})

/** What an independent reading says: Intl's wall clock, minute by minute; no arithmetic with offsets anywhere. */
class WallClock {
  readonly #format: Intl.DateTimeFormat
  constructor(zone: string) {
    this.#format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    })
  }
  /** 2026-03-29 02:30 */
  at(ms: number): string {
    return this.#format.format(ms)
  }
  /** How far the wall is from UTC: only to find where to look. */
  #shift(ms: number): number {
    return Date.parse(`${this.at(ms).replace(' ', 'T')}Z`) - ms
  }
  /** The minutes at which the clocks are set, from 2024 to 2030. */
  changes(): number[] {
    const found: number[] = []
    // No zone sets its clocks twice within a day.
    const step = 24 * hour
    let before = this.#shift(Date.UTC(2024, 0, 1))
    for (let ms = Date.UTC(2024, 0, 1); ms < Date.UTC(2031, 0, 1); ms += step) {
      const after = this.#shift(ms + step)
      if (before === after) continue
      let [low, high] = [ms, ms + step]
      while (high - low > minute) {
        const middle = low + Math.floor((high - low) / 2 / minute) * minute
        if (this.#shift(middle) === before) low = middle
        else high = middle
      }
      found.push(high)
      before = after
    }
    return found
  }
}

/** A stretch of minutes, of which only those that are asked for are read off the wall: most of them never are. */
class Walk {
  readonly from: number
  readonly minutes: number
  readonly #clock: WallClock
  readonly #change: number
  readonly #read = new Map<number, string>()
  readonly #found = new Map<string, number>()
  constructor(clock: WallClock, change: number, around: number) {
    this.#clock = clock
    this.from = change - around
    this.#change = around / minute
    this.minutes = (2 * around) / minute
  }
  wall(index: number): string {
    const known = this.#read.get(index)
    const wall = known ?? this.#clock.at(this.from + index * minute)
    if (known === undefined) this.#read.set(index, wall)
    return wall
  }
  /** The first minute that shows this time or a later one. On either side of the change of the clocks the wall only goes forward. */
  firstAtOrAfter(wall: string): number {
    const known = this.#found.get(wall)
    if (known !== undefined) return known
    const before = this.#search(wall, 0, this.#change)
    const found = before < this.#change ? before : this.#search(wall, this.#change, this.minutes)
    this.#found.set(wall, found)
    return found
  }
  #search(wall: string, from: number, to: number): number {
    let [low, high] = [from, to]
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (this.wall(middle) >= wall) high = middle
      else low = middle + 1
    }
    return low
  }
  /** The days it shows, in order. */
  days(): string[] {
    const hours = Array.from({ length: this.minutes / 60 }, (_, index) => this.wall(index * 60).slice(0, 10))
    return [...new Set([...hours, this.wall(this.minutes - 1).slice(0, 10)])].toSorted()
  }
}

const addDay = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00Z`) + days * 24 * hour).toISOString().slice(0, 10)

/** Every minute of the walk: whether it is quiet, painted window by window from the first minute that shows a time or a later one. */
function paint(walk: Walk, windows: Windows): boolean[] {
  const quiet = Array.from({ length: walk.minutes }, () => false)
  const days = walk.days()
  for (const day of [addDay(days[0] ?? '', -1), ...days]) {
    const weekday = everyDay[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7]
    for (const { days: on, from, to } of windows) {
      if (!weekday || !on.includes(weekday)) continue
      const start = walk.firstAtOrAfter(`${day} ${from}`)
      const end = walk.firstAtOrAfter(`${to <= from ? addDay(day, 1) : day} ${to}`)
      quiet.fill(true, start, Math.max(end, start))
    }
  }
  return quiet
}

const zones = [
  'Europe/Berlin',
  'Europe/London',
  'Europe/Dublin',
  'Europe/Lisbon',
  'Atlantic/Azores',
  'Europe/Istanbul',
  'Europe/Moscow',
  'Africa/Casablanca',
  'Africa/El_Aaiun',
  'Africa/Cairo',
  'Africa/Lagos',
  'Asia/Gaza',
  'Asia/Jerusalem',
  'Asia/Beirut',
  'Asia/Almaty',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'Pacific/Norfolk',
  'America/New_York',
  'America/St_Johns',
  'America/Havana',
  'America/Santiago',
  'America/Asuncion',
  'America/Nuuk',
  'America/Scoresbysund',
  'America/Los_Angeles',
  'Antarctica/Troll',
  'UTC',
]

/** Those that begin or end where clocks are set, that lie within the hour, that span it, and that leave days out. */
const schedules: Windows[] = [
  [window('22:00', '07:00')],
  [window('02:30', '02:15')],
  [window('01:30', '02:30'), window('02:40', '03:10')],
  [window('00:00', '00:30'), window('23:15', '00:00')],
  [window('20:00', '01:15', ['fri', 'sat', 'sun']), window('01:15', '03:30', ['sun', 'mon'])],
]

const around = 30 * hour

describe('every change of the clocks from 2024 to 2030, against a walk through the minutes', () => {
  test.each(zones)('%s', (zone) => {
    const clock = new WallClock(zone)
    const changes = clock.changes()
    // Where clocks are never set, an ordinary night is looked at.
    for (const change of changes.length > 0 ? changes : [Date.UTC(2027, 5, 5)]) {
      const walk = new Walk(clock, change, around)
      for (const windows of schedules) expectSame(zone, windows, walk)
    }
  })

  test('finds the changes', () => {
    expect(new WallClock('Europe/Berlin').changes()).toHaveLength(14)
    expect(new WallClock('Asia/Tokyo').changes()).toHaveLength(0)
    expect(new WallClock('America/Nuuk').changes().length).toBeGreaterThan(12)
  })
})

/** At every minute where quiet begins or ends, the ones beside it, and some between; what reaches over the end of the walk is left out. */
function expectSame(zone: string, windows: Windows, walk: Walk): void {
  const quiet = paint(walk, windows)
  const length = quiet.length
  for (let index = 25 * 60; index < length - 25 * 60; index += 1) {
    const edge = quiet[index] !== quiet[index - 1] || quiet[index] !== quiet[index + 1]
    if (!edge && index % 293 !== 0) continue
    const end = quiet.indexOf(false, index)
    if (end < 0) continue
    const at = new Date(walk.from + index * minute)
    const expected = end === index ? null : new Date(walk.from + end * minute).toISOString()
    const found = quietUntil({ zone, windows }, at)?.toISOString() ?? null
    if (found !== expected) expect({ zone, windows, at, wall: walk.wall(index), found }).toEqual({ found: expected })
  }
}

test('the hour of the daily digest is the wall clock’s, on days of 23 and 25 hours too', () => {
  const next = (zone: string, time: string, at: string) => nextTimeOfDay({ zone, time }, new Date(at)).toISOString()
  expect(next('Europe/Berlin', '08:00', '2026-03-28T07:00:00Z')).toBe('2026-03-29T06:00:00.000Z')
  expect(next('Europe/Berlin', '08:00', '2026-10-24T06:00:00Z')).toBe('2026-10-25T07:00:00.000Z')
  expect(next('Europe/Berlin', '08:00', '2026-10-25T06:59:59Z')).toBe('2026-10-25T07:00:00.000Z')
  expect(next('Europe/Berlin', '02:30', '2026-03-28T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
  // The second 02:30 of that night is no second digest.
  expect(next('Europe/Berlin', '02:30', '2026-10-25T00:30:00Z')).toBe('2026-10-26T01:30:00.000Z')
})

test.each([
  { zone: 'Mars/Olympus' },
  { zone: '+02:00' },
  { zone: '' },
  { zone: 'UTC', windows: [{ days: [], from: '22:00', to: '07:00' }] },
  { zone: 'UTC', windows: [{ days: ['mon', 'mon'], from: '22:00', to: '07:00' }] },
  { zone: 'UTC', windows: [{ days: ['mon'], from: '24:00', to: '07:00' }] },
  { zone: 'UTC', windows: Array(22).fill({ days: ['mon'], from: '22:00', to: '07:00' }) },
  { zone: 'UTC', dailyDigestAt: '8:00' },
])('%j is no schedule', (input) => expect(Schedule.safeParse(input).success).toBe(false))
