import { expect, test } from '@jest/globals'
import { SilenceInput } from '@tocsin/contract/api/silences'
import { alertOf, alertRuleOf, silenceOf, siteOf } from '../../live/test-views.ts'
import { likeness, matcherText, silenceState } from './silence-words.ts'

test('what is muted is said with the names that people gave', () => {
  const names = { sites: [siteOf(1, { name: 'Shop' })], rules: [alertRuleOf(1, { name: 'Outages' })] }
  expect(matcherText({ label: 'site', values: [siteOf(1).id, siteOf(2).id] }, names)).toBe(`Site: Shop or ${siteOf(2).id}`)
  expect(matcherText({ label: 'rule', values: [alertRuleOf(1).id, 'http.5xx'] }, names)).toBe('Rule: Outages or http.5xx')
  expect(matcherText({ label: 'type', values: ['security_issue'] }, names)).toBe('Type: Security')
})

test('from an alert one mutes it alone, its kind, its rule or its site, each in a way that the API takes', () => {
  const choices = likeness(alertOf(1))
  expect(choices.map(({ label }) => label)).toEqual([
    'Only this',
    'Whatever http.5xx finds on its site',
    'Whatever this alert rule finds on its site',
    'Everything on its site',
  ])
  for (const { matchers } of choices)
    expect(SilenceInput.safeParse({ matchers, comment: 'x', endsAt: '2026-11-02T00:00:00.000Z' }).success).toBe(true)
  expect(likeness(alertOf(1, { siteId: null, ruleId: null, labels: {} })).map(({ label }) => label)).toEqual(['Only this'])
})

test('a silence is planned, mutes, or is over', () => {
  const silence = silenceOf(1, { startsAt: '2026-11-01T10:00:00.000Z' })
  const at = (time: string) => Date.parse(`2026-11-01T${time}:00.000Z`)
  expect(silenceState(silence, at('09:00'))).toBe('planned')
  expect(silenceState(silence, at('10:00'))).toBe('mutes')
  expect(silenceState({ ...silence, expiredAt: '2026-11-01T11:00:00.000Z' }, at('12:00'))).toBe('over')
})
