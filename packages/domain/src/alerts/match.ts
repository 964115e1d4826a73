import type { AlertRule, AlertRuleFilter } from '@tocsin/contract/api/alert-rules'
import { matchesAny } from '@tocsin/contract/event'
import type { SiteId } from '@tocsin/contract/ids'
import type { Signal } from './signal.ts'

export interface WatchedSite {
  readonly id: SiteId
  readonly name: string
  readonly url: string
  readonly tags: readonly string[]
}

/** Whether a rule over events opens an alert for this. What is open hears of everything about its subject, asked for or not. */
export function opensFor(rule: Pick<AlertRule, 'filter'>, signal: Signal, site: WatchedSite | null): boolean {
  if (signal.transition !== 'bad' && signal.transition !== 'update') return false
  const { sources, types, severities, ruleIds } = rule.filter
  return (
    (sources.length === 0 || matchesAny(sources, signal.source)) &&
    admits(types, signal.topic) &&
    admits(severities, signal.severity) &&
    admits(ruleIds, signal.detection) &&
    admitsSite(rule.filter, site)
  )
}

/** Of a metric there is nothing but the site to choose by. */
export function admitsSite({ siteIds, tags }: Pick<AlertRuleFilter, 'siteIds' | 'tags'>, site: WatchedSite | null): boolean {
  return admits(siteIds, site?.id ?? null) && (tags.length === 0 || (site?.tags.some((tag) => tags.includes(tag)) ?? false))
}

/** An empty list leaves nothing out. */
const admits = (list: readonly string[], value: string | null): boolean =>
  list.length === 0 || (value !== null && list.includes(value))
