import type { Cadence, ExplainedPreference, PreferenceSettings } from '@tocsin/contract/api/preferences'
import { matchesAny } from '@tocsin/contract/event'
import type { AlertRuleId } from '@tocsin/contract/ids'
import type { DecisionReason } from '@tocsin/contract/notice'
import { type Severity, severities } from '@tocsin/contract/rule'

/** What was said about one person, at each level; absent where nothing was said. */
export interface PreferenceLevels {
  /** The person's own words about single rules. */
  readonly rules: ReadonlyMap<AlertRuleId, PreferenceSettings>
  readonly user: PreferenceSettings | null
  readonly org: PreferenceSettings | null
}

type EffectivePreference = { [Name in keyof ExplainedPreference]: ExplainedPreference[Name]['value'] }

const defaultPreference: EffectivePreference = {
  inApp: true,
  email: true,
  minimumSeverity: 'high',
  events: ['*'],
  cadence: 'immediate',
}

export interface Wish {
  readonly inApp: boolean
  readonly email: boolean
  readonly cadence: Cadence
  /** Why there is no mail, or not at once. */
  readonly reason: DecisionReason | null
}

/**
 * What a person wants to hear of an alert: the feed disturbs nobody and lists whatever is of a wanted kind; severity and cadence are about
 * mail.
 */
export function resolvePreference(
  levels: PreferenceLevels,
  alert: { ruleId: AlertRuleId | null; source: string; severity: Severity },
): Wish {
  const { inApp, email, minimumSeverity, events, cadence } = effectivePreference(levels, alert.ruleId)
  const wanted = matchesAny(events, alert.source)
  const severe = severities.indexOf(alert.severity) <= severities.indexOf(minimumSeverity)
  const refusal = !email ? 'channel_off' : !wanted ? 'event_not_wanted' : !severe ? 'below_severity' : null
  return { inApp: inApp && wanted, email: refusal === null, cadence, reason: refusal ?? waits[cadence] }
}

const waits = {
  immediate: null,
  hourly: 'hourly_digest',
  daily: 'daily_digest',
} as const satisfies Record<Cadence, DecisionReason | null>

/** Field by field, the most specific level that says something: user × rule, user, org, default. */
export function effectivePreference(levels: PreferenceLevels, ruleId: AlertRuleId | null): EffectivePreference {
  const { inApp, email, minimumSeverity, events, cadence } = explainPreference(levels, ruleId)
  return {
    inApp: inApp.value,
    email: email.value,
    minimumSeverity: minimumSeverity.value,
    events: events.value,
    cadence: cadence.value,
  }
}

/** The same, and which level each value comes from. */
export function explainPreference(levels: PreferenceLevels, ruleId: AlertRuleId | null): ExplainedPreference {
  const said = [
    { from: 'rule', settings: ruleId === null ? null : levels.rules.get(ruleId) },
    { from: 'user', settings: levels.user },
    { from: 'org', settings: levels.org },
  ] as const
  function find<Value>(read: (settings: PreferenceSettings) => Value | undefined, byDefault: Value) {
    for (const { from, settings } of said) {
      const value = settings ? read(settings) : undefined
      if (value !== undefined) return { value, from }
    }
    return { value: byDefault, from: 'default' as const }
  }
  return {
    inApp: find(({ inApp }) => inApp, defaultPreference.inApp),
    email: find(({ email }) => email, defaultPreference.email),
    minimumSeverity: find(({ minimumSeverity }) => minimumSeverity, defaultPreference.minimumSeverity),
    events: find(({ events }) => events, defaultPreference.events),
    cadence: find(({ cadence }) => cadence, defaultPreference.cadence),
  }
}
