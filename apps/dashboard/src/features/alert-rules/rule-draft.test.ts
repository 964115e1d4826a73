import { describe, expect, test } from '@jest/globals'
import { AlertRuleInput, ruleIssues } from '@tocsin/contract/api/alert-rules'
import { alertRuleOf } from '../../live/test-views.ts'
import { changesOf, draftOf, newDraft, questionOf, type What, watching, whatOf } from './rule-draft.ts'
import { conditionText, kindText, minutesText, notifyText, ruleText } from './rule-words.ts'

const whats: What[] = ['events', 'threshold', 'anomaly', 'performance', 'milestone']

describe('whatever a rule is to watch, one begins with something that the API takes', () => {
  test.each(whats)('%s', (what) => {
    const draft = { ...watching(newDraft(), what), name: 'Mine' }
    expect(whatOf(draft)).toBe(what)
    expect(ruleIssues(draft)).toEqual([])
    expect(AlertRuleInput.safeParse(draft).success).toBe(true)
  })
  test('what is left is nothing that only the other kind has', () => {
    const draft = watching(newDraft(), 'anomaly')
    expect(draft.filter).toMatchObject({ sources: [], severities: [] })
    expect(watching(draft, 'events').condition).toBeNull()
    expect(watching(draft, 'anomaly')).toBe(draft)
  })
})

test('only what was changed is sent', () => {
  const before = draftOf(alertRuleOf(1))
  const now = { ...before, name: 'Other', filter: { ...before.filter, tags: ['shop'] } }
  expect(changesOf(before, now)).toEqual({ name: 'Other', filter: now.filter })
  expect(changesOf(before, { ...before })).toEqual({})
  expect(AlertRuleInput.safeParse(before).success).toBe(true)
})

test('a preview asks about what is drafted, named or not, enabled or not', () => {
  const question = questionOf({ ...newDraft(), enabled: false })
  expect(question).toMatchObject({ name: 'Preview', enabled: true })
  expect(AlertRuleInput.safeParse(question).success).toBe(true)
})

test('a rule is said in a line', () => {
  const name = (id: string) => ({ site_1: 'Shop' })[id] ?? id
  const rule = { ...newDraft(), filter: { ...newDraft().filter, tags: ['de'] } }
  expect(ruleText(rule, name)).toBe('Threats on sites · critical or high · on sites tagged de')
  expect(kindText(rule)).toBe('Events')
  const slow = watching(rule, 'performance')
  expect(conditionText(slow.condition ?? raise())).toBe('Largest Contentful Paint (p75) is above 4000 ms over 1 hour')
  const less = watching(rule, 'anomaly')
  expect(conditionText(less.condition ?? raise())).toBe('Visibility changes by 30 % over 1 day')
  expect([15, 60, 90, 360, 1440, 10_080].map(minutesText)).toEqual([
    '15 minutes',
    '1 hour',
    '90 minutes',
    '6 hours',
    '1 day',
    '7 days',
  ])
})

test('who is told is said in few words', () => {
  expect(notifyText({ destinations: 'all', members: 'all' })).toBe('every destination and every member')
  expect(notifyText({ destinations: [], members: 'none' })).toBe('nobody')
  expect(notifyText({ destinations: ['dst_000000000000000000000001'], members: [] })).toBe('1 destination')
})

function raise(): never {
  throw new Error('The rule has no condition.')
}
