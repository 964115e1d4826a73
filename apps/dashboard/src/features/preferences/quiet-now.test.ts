import { describe, expect, test } from '@jest/globals'
import type { QuietWindow } from '@tocsin/contract/api/preferences'
import { quietNow, weekdays, zoneChoices } from './quiet-now.ts'

const nights: QuietWindow = { days: [...weekdays], from: '22:00', to: '07:00' }
const weekend: QuietWindow = { days: ['sat', 'sun'], from: '00:00', to: '00:00' }

describe('quiet now', () => {
  test.each([
    { when: 'in the evening before', at: '2026-11-02T20:59Z', zone: 'Europe/Berlin', windows: [nights], until: null },
    { when: 'as the night begins', at: '2026-11-02T21:00Z', zone: 'Europe/Berlin', windows: [nights], until: 'tue 07:00' },
    { when: 'after midnight', at: '2026-11-03T03:00Z', zone: 'Europe/Berlin', windows: [nights], until: 'tue 07:00' },
    { when: 'as it ends', at: '2026-11-03T06:00Z', zone: 'Europe/Berlin', windows: [nights], until: null },
    { when: 'from Sunday to Monday', at: '2026-11-01T23:30Z', zone: 'UTC', windows: [nights], until: 'mon 07:00' },
    { when: 'windows that touch are one', at: '2026-11-06T22:30Z', zone: 'UTC', windows: [nights, weekend], until: 'mon 07:00' },
    { when: 'another zone', at: '2026-11-02T21:00Z', zone: 'Asia/Tokyo', windows: [nights], until: 'tue 07:00' },
    { when: 'no windows', at: '2026-11-02T21:00Z', zone: 'UTC', windows: [], until: null },
  ])('$when', ({ at, zone, windows, until }) => {
    const quiet = quietNow({ zone, windows }, new Date(at))
    expect(quiet && quiet !== 'always' ? `${quiet.day} ${quiet.time}` : quiet).toBe(until)
  })

  test('a week without a gap never ends', () => {
    const always = { days: [...weekdays], from: '00:00', to: '00:00' }
    expect(quietNow({ zone: 'UTC', windows: [always] }, new Date('2026-11-02T21:00Z'))).toBe('always')
  })
})

test('the zone of the browser comes first, then the one that is kept, each once', () => {
  const { likely, others } = zoneChoices('Asia/Tokyo')
  expect(likely).toContain('Asia/Tokyo')
  expect(likely[0]).toBe(new Intl.DateTimeFormat().resolvedOptions().timeZone)
  expect(others.length).toBeGreaterThan(300)
  expect(others.filter((zone) => likely.includes(zone))).toEqual([])
})
