import { expect, test } from '@jest/globals'
import { alertOf } from '../../live/test-views.ts'
import { isFound, isSnoozed, threatOf, worstFirst } from './alert-words.ts'
import { localInput, snoozeChoices } from './snooze.ts'

test('worst first, then the latest', () => {
  const at = (minute: number) => `2026-11-01T00:0${minute}:00.000Z`
  const alerts = [
    alertOf(1, { severity: 'low', triggeredAt: at(9) }),
    alertOf(2, { severity: 'high', triggeredAt: at(1) }),
    alertOf(3, { severity: 'critical', triggeredAt: at(0) }),
    alertOf(4, { severity: 'high', triggeredAt: at(2) }),
  ]
  expect(worstFirst(alerts).map(({ id }) => Number(id.slice(4)))).toEqual([3, 4, 2, 1])
})

test('a snooze holds until its end, and not for what is over', () => {
  const alert = alertOf(1, { snoozedUntil: '2026-11-01T10:00:00.000Z' })
  const at = (time: string) => Date.parse(`2026-11-01T${time}:00.000Z`)
  expect([isSnoozed(alert, at('09:59')), isSnoozed(alert, at('10:00'))]).toEqual([true, false])
  expect(isSnoozed({ ...alert, state: 'resolved' }, at('09:59'))).toBe(false)
})

test('an alert is found by its title, its rule, its labels and the tags of its site', () => {
  const alert = alertOf(1, { title: 'Page is gone', ruleName: 'Outages', labels: { rule: 'http.404' }, tags: ['shop'] })
  expect(['gone', 'OUTAGES', '404', 'shop', ''].map((search) => isFound(alert, search))).toEqual([true, true, true, true, true])
  expect(isFound(alert, 'other')).toBe(false)
})

test('only a threat has an address of its own', () => {
  const [siteId, threatId] = ['site_000000000000000000000001', 'thr_000000000000000000000001']
  expect(threatOf({ path: `/sites/${siteId}/threats/${threatId}` })).toEqual({ siteId, threatId })
  expect(['/', `/sites/${siteId}`, '/sites/x/threats/y', '//evil.example'].map((path) => threatOf({ path }))).toEqual([
    null,
    null,
    null,
    null,
  ])
})

test('later is an hour, four, or nine in the morning, by the wall clock', () => {
  const now = new Date(2026, 10, 30, 22, 15)
  expect(snoozeChoices(now).map(({ until }) => localInput(until))).toEqual([
    '2026-11-30T23:15',
    '2026-12-01T02:15',
    '2026-12-01T09:00',
  ])
})
