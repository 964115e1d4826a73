import { describe, expect, test } from '@jest/globals'
import type { PreferenceSettings } from '@tocsin/contract/api/preferences'
import { newId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import { effectivePreference, type PreferenceLevels, resolvePreference } from './preferences.ts'

const ruleId = newId('alertRule')
const otherRuleId = newId('alertRule')

const levels = (rule: PreferenceSettings | null, user: PreferenceSettings | null = null, org: PreferenceSettings | null = null) =>
  ({ rules: new Map(rule ? [[ruleId, rule]] : []), user, org }) satisfies PreferenceLevels
const alert = (more: { severity?: Severity; source?: string } = {}) => ({
  ruleId,
  source: 'threat.detected',
  severity: 'high' as const,
  ...more,
})

describe('the most specific level wins, field by field', () => {
  const values = {
    inApp: [false, true],
    email: [false, true],
    minimumSeverity: ['low', 'medium'],
    events: [['threat.*'], ['monitor.down']],
    cadence: ['hourly', 'daily'],
  } as const
  const table = Object.entries(values).map(([name, [one, other]]) => ({ name: name as keyof typeof values, one, other }))
  const effective = (said: PreferenceLevels, name: keyof PreferenceSettings) => effectivePreference(said, ruleId)[name]

  test.each(table)('$name', ({ name, one, other }) => {
    const first = { [name]: one }
    const second = { [name]: other }
    expect(effective(levels(first, second, second), name)).toEqual(one)
    expect(effective(levels(null, first, second), name)).toEqual(one)
    expect(effective(levels(null, null, first), name)).toEqual(one)
    // A level that speaks of something else leaves it to the one behind.
    const aside: PreferenceSettings = name === 'cadence' ? { email: true } : { cadence: 'daily' }
    expect(effective(levels(aside, aside, first), name)).toEqual(one)
    expect(effective(levels(aside, first, second), name)).toEqual(one)
  })

  test('nothing said: the default', () =>
    expect(effectivePreference(levels(null), ruleId)).toEqual({
      inApp: true,
      email: true,
      minimumSeverity: 'high',
      events: ['*'],
      cadence: 'immediate',
    }))

  test('what is said of one rule says nothing of another', () =>
    expect(effectivePreference(levels({ email: false }), otherRuleId).email).toBe(true))
})

describe('what a person hears of an alert', () => {
  const heard = { inApp: true, email: true, cadence: 'immediate', reason: null }
  const unheard = { inApp: true, email: false, cadence: 'immediate' }
  test.each([
    { when: 'severe enough', said: {}, of: {}, expected: heard },
    { when: 'more severe', said: {}, of: { severity: 'critical' }, expected: heard },
    { when: 'milder', said: {}, of: { severity: 'medium' }, expected: { ...unheard, reason: 'below_severity' } },
    { when: 'milder, and wanted', said: { minimumSeverity: 'low' }, of: { severity: 'low' }, expected: heard },
    { when: 'no mail', said: { email: false }, of: {}, expected: { ...unheard, reason: 'channel_off' } },
    { when: 'no feed', said: { inApp: false }, of: {}, expected: { ...heard, inApp: false } },
    { when: 'a wanted kind', said: { events: ['threat.*'] }, of: {}, expected: heard },
    {
      when: 'another kind',
      said: { events: ['monitor.down', 'incident.*'] },
      of: {},
      expected: { ...unheard, inApp: false, reason: 'event_not_wanted' },
    },
    { when: 'hourly', said: { cadence: 'hourly' }, of: {}, expected: { ...heard, cadence: 'hourly', reason: 'hourly_digest' } },
    {
      when: 'daily',
      said: { cadence: 'daily' },
      of: { severity: 'critical' },
      expected: { ...heard, cadence: 'daily', reason: 'daily_digest' },
    },
    {
      when: 'milder, and daily',
      said: { cadence: 'daily' },
      of: { severity: 'low' },
      expected: { ...unheard, cadence: 'daily', reason: 'below_severity' },
    },
  ] as const)('$when', ({ said, of, expected }) => {
    const settings = said as PreferenceSettings // A table of constants: its lists are read-only, which a settings' are not.
    expect(resolvePreference(levels(null, settings), alert(of))).toEqual(expected)
  })
})
