import type { Cadence, PreferenceSettings } from '@tocsin/contract/api/preferences'
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

export const defaultPreference = {
  inApp: true,
  email: true,
  minimumSeverity: 'high',
  events: ['*'],
  cadence: 'immediate',
} satisfies PreferenceSettings

export type EffectivePreference = Required<{ [Name in keyof PreferenceSettings]: NonNullable<PreferenceSettings[Name]> }>

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
  const said = [ruleId && levels.rules.get(ruleId), levels.user, levels.org]
  const first = <Name extends keyof PreferenceSettings>(name: Name): EffectivePreference[Name] | undefined => {
    for (const level of said) {
      const value = level?.[name]
      // Not undefined here: what is left is the field's own type.
      if (value !== undefined) return value as EffectivePreference[Name]
    }
    return undefined
  }
  return {
    inApp: first('inApp') ?? defaultPreference.inApp,
    email: first('email') ?? defaultPreference.email,
    minimumSeverity: first('minimumSeverity') ?? defaultPreference.minimumSeverity,
    events: first('events') ?? defaultPreference.events,
    cadence: first('cadence') ?? defaultPreference.cadence,
  }
}
