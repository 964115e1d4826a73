import { expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import type { Journal } from '@tocsin/journal/change'
import { createHandSetClock } from '@tocsin/process/clock'
import { createProgress } from './scan-progress.ts'

const held = { orgId: newId('org'), siteId: newId('site'), scanId: newId('scan'), token: 'token' }

function setUp() {
  const clock = createHandSetClock(new Date('2026-03-01T10:00:00Z'))
  const told: unknown[] = []
  const announce: Journal['announce'] = async (_org, _actor, _event, data) => {
    told.push(data)
  }
  const unused = () => Promise.reject(new Error('Progress is only announced.'))
  const progress = createProgress({ clock, journal: { announce, change: unused, read: unused } }, held)
  return { clock, told, progress }
}

test('a fast crawl is told four times a second, and its last step with the next tick', async () => {
  const { clock, told, progress } = setUp()
  for (let page = 1; page <= 1_000; page++) {
    progress.set({ pagesDone: page, pagesTotal: 1_000, percentage: page / 10 })
    clock.advance(1)
  }
  await progress.settle()
  expect(told).toHaveLength(4)
  clock.advance(1_000)
  progress.tell()
  progress.tell()
  await progress.settle()
  expect(told).toHaveLength(5)
  expect(told.at(-1)).toMatchObject({ scanId: held.scanId, pagesDone: 1_000, percentage: 100 })
})

test('the percentage never falls', () => {
  const { progress } = setUp()
  progress.set({ percentage: 40 })
  progress.set({ percentage: 12.7, pagesTotal: 900 })
  expect(progress.now()).toMatchObject({ percentage: 40, pagesTotal: 900 })
})
