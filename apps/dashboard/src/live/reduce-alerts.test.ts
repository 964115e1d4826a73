import { describe, expect, test } from '@jest/globals'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { reduce } from './reduce.ts'
import type { AlertFilter, Snapshot } from './snapshot.ts'
import { alertOf, alertRuleOf, eventOf, silenceOf, siteOf } from './test-views.ts'

const everything: AlertFilter = { state: null, severity: null, siteId: null, alertRuleId: null }
const one = alertOf(1, { triggeredAt: '2026-11-01T00:01:00.000Z' })
const two = alertOf(2, { triggeredAt: '2026-11-01T00:02:00.000Z', severity: 'critical', siteId: siteOf(2).id })
const acknowledged = alertOf(3, { state: 'acknowledged', acknowledgedAt: '2026-11-01T00:03:00.000Z' })
const resolved = alertOf(4, { state: 'resolved', resolvedAt: '2026-11-01T00:04:00.000Z', ruleId: alertRuleOf(2).id })

const listOf = (filter: Partial<AlertFilter>, data = [two, one, acknowledged, resolved]): Snapshot => ({
  kind: 'alerts',
  filter: { ...everything, ...filter },
  page: { data, nextCursor: null, asOf: 0 },
})
const idsAfter = (snapshot: Snapshot, ...events: OrgEvent[]) =>
  events.reduce(reduce, snapshot).page.data.map((item) => ('id' in item ? item.id : ''))

describe('a list of alerts takes in what it is about', () => {
  test.each([
    { filter: {}, shown: true },
    { filter: { state: 'open' }, shown: true },
    { filter: { state: 'triggered' }, shown: true },
    { filter: { state: 'acknowledged' }, shown: false },
    { filter: { state: 'resolved' }, shown: false },
    { filter: { severity: 'high' }, shown: true },
    { filter: { severity: 'low' }, shown: false },
    { filter: { siteId: siteOf(1).id }, shown: true },
    { filter: { siteId: siteOf(2).id }, shown: false },
    { filter: { alertRuleId: alertRuleOf(1).id }, shown: true },
    { filter: { alertRuleId: alertRuleOf(2).id }, shown: false },
  ] satisfies { filter: Partial<AlertFilter>; shown: boolean }[])('$filter: $shown', ({ filter, shown }) => {
    expect(idsAfter(listOf(filter, []), eventOf(1, 'alert.triggered', { alert: one }))).toEqual(shown ? [one.id] : [])
  })
})

test('an alert moves to where it stands by now, or leaves', () => {
  const again = { ...one, triggeredAt: '2026-11-01T00:09:00.000Z' }
  const event = eventOf(1, 'alert.triggered', { alert: again })
  expect(idsAfter(listOf({}), event)).toEqual([one.id, two.id, acknowledged.id, resolved.id])
  const over = eventOf(1, 'alert.resolved', { alert: { ...one, state: 'resolved' } })
  expect(idsAfter(listOf({ state: 'open' }, [two, one]), over)).toEqual([two.id])
})

test('a rule or a site that is deleted leaves its alerts', () => {
  const deleted = eventOf(1, 'alert_rule.deleted', { alertRuleId: alertRuleOf(2).id })
  expect(reduce(listOf({}), deleted).page.data).toEqual([two, one, acknowledged, { ...resolved, ruleId: null }])
  expect(idsAfter(listOf({ alertRuleId: alertRuleOf(2).id }, [resolved]), deleted)).toEqual([])
  const gone = eventOf(1, 'site.deleted', { siteId: siteOf(1).id })
  const orphans = [one, acknowledged, resolved].map((alert) => ({ ...alert, siteId: null }))
  expect(reduce(listOf({}), gone).page.data).toEqual([two, ...orphans])
  expect(idsAfter(listOf({ siteId: siteOf(1).id }, [one]), gone)).toEqual([])
})

test('rules come, change and go', () => {
  const rules: Snapshot = { kind: 'alertRules', filter: null, page: { data: [alertRuleOf(1)], nextCursor: null, asOf: 0 } }
  const added = eventOf(1, 'alert_rule.created', { rule: alertRuleOf(2) })
  const off = eventOf(2, 'alert_rule.updated', { rule: alertRuleOf(1, { enabled: false }) })
  const next = [added, off].reduce(reduce, rules)
  expect(next.page.data).toEqual([alertRuleOf(2), alertRuleOf(1, { enabled: false })])
  expect(idsAfter(next, eventOf(3, 'alert_rule.deleted', { alertRuleId: alertRuleOf(2).id }))).toEqual([alertRuleOf(1).id])
})

test('a silence that is over goes from what is muted to what was', () => {
  const listed = (state: 'open' | 'expired'): Snapshot => ({
    kind: 'silences',
    filter: { state },
    page: { data: [], nextCursor: null, asOf: 0 },
  })
  const began = eventOf(1, 'silence.created', { silence: silenceOf(1) })
  const ended = eventOf(2, 'silence.expired', { silence: silenceOf(1, { expiredAt: '2026-11-01T09:00:00.000Z' }) })
  expect([listed('open'), listed('expired')].map((list) => idsAfter(list, began))).toEqual([[silenceOf(1).id], []])
  expect([listed('open'), listed('expired')].map((list) => idsAfter(list, began, ended))).toEqual([[], [silenceOf(1).id]])
})
