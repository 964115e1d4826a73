import type { Alert } from '@tocsin/contract/api/alerts'
import type { Silence, SilenceMatcher } from '@tocsin/contract/api/silences'
import { SiteId } from '@tocsin/contract/ids'

const labelWords = {
  site: 'Site',
  type: 'Type',
  severity: 'Severity',
  rule: 'Rule',
  subject: 'Exactly this',
  tag: 'Tag of the site',
} satisfies Record<SilenceMatcher['label'], string>

const typeNames: Record<string, string> = {
  ranking_drop: 'Rankings',
  cwv_degradation: 'Web vitals',
  technical_error: 'Technical errors',
  competitor_surge: 'Competitors',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
  component: 'Components',
  incident: 'Incidents',
  metric: 'Metrics',
}
export const alertTypes = Object.entries(typeNames).map(([value, label]) => ({ value, label }))

/** Names of what is only known by its id. */
export interface Names {
  sites: readonly { id: string; name: string }[]
  rules: readonly { id: string; name: string }[]
}

const nameIn = (items: readonly { id: string; name: string }[], id: string) => items.find((item) => item.id === id)?.name ?? id

export function matcherText({ label, values }: SilenceMatcher, { sites, rules }: Names): string {
  const named = values.map((value) => {
    if (label === 'site') return nameIn(sites, value)
    if (label === 'rule') return nameIn(rules, value)
    return label === 'type' ? (typeNames[value] ?? value) : value
  })
  return `${labelWords[label]}: ${named.join(' or ')}`
}

/** How much like an alert something must be to be muted with it, the narrowest first. */
export function likeness(
  alert: Pick<Alert, 'subject' | 'siteId' | 'ruleId' | 'labels'>,
): { label: string; matchers: SilenceMatcher[] }[] {
  const { subject, siteId, ruleId, labels } = alert
  const site = SiteId.safeParse(siteId)
  const atSite: SilenceMatcher[] = site.success ? [{ label: 'site', values: [site.data] }] : []
  const choices: { label: string; matchers: SilenceMatcher[] }[] = [
    { label: 'Only this', matchers: [{ label: 'subject', values: [subject] }] },
  ]
  const of = site.success ? ' on its site' : ''
  const detection = labels['detection']
  if (detection)
    choices.push({ label: `Whatever ${detection} finds${of}`, matchers: [...atSite, { label: 'rule', values: [detection] }] })
  if (ruleId)
    choices.push({ label: `Whatever this alert rule finds${of}`, matchers: [...atSite, { label: 'rule', values: [ruleId] }] })
  if (site.success) choices.push({ label: 'Everything on its site', matchers: atSite })
  return choices
}

export function silenceState({ startsAt, expiredAt }: Silence, nowMs: number): 'mutes' | 'planned' | 'over' {
  if (expiredAt !== null) return 'over'
  return Date.parse(startsAt) > nowMs ? 'planned' : 'mutes'
}
