import { expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { nextScanAt } from './schedule.ts'

const now = new Date('2026-03-01T10:00:00Z')
const hourMs = 3_600_000
const sites = Array.from({ length: 500 }, () => newId('site'))
const hoursUntilNext = (siteId: string, dueAt: Date) =>
  (nextScanAt({ siteId, intervalHours: 6, dueAt, now }).getTime() - now.getTime()) / hourMs

test('a run on time is followed by one an interval later, ten per cent more or less', () => {
  const hours = sites.map((siteId) => hoursUntilNext(siteId, now))
  expect(Math.min(...hours)).toBeGreaterThanOrEqual(5.4)
  expect(Math.max(...hours)).toBeLessThanOrEqual(6.6)
  expect(Math.max(...hours) - Math.min(...hours)).toBeGreaterThan(1)
})

test('sites that were overdue together come back over half an interval, never all at once', () => {
  const weekAgo = new Date(now.getTime() - 7 * 24 * hourMs)
  const hours = sites.map((siteId) => hoursUntilNext(siteId, weekAgo))
  expect(Math.min(...hours)).toBeGreaterThanOrEqual(3)
  expect(Math.max(...hours)).toBeLessThanOrEqual(6)
  const perTenMinutes = Map.groupBy(hours, (hour) => Math.floor(hour * 6))
  expect(Math.max(...[...perTenMinutes.values()].map((each) => each.length))).toBeLessThan(sites.length / 8)
})

test('the same site at the same moment has the same answer', () => {
  expect(hoursUntilNext('site_a', now)).toBe(hoursUntilNext('site_a', now))
  expect(hoursUntilNext('site_a', now)).not.toBe(hoursUntilNext('site_b', now))
})
