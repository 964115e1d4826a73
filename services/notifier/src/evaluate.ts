import { type EventRule, eventRules } from '@tocsin/domain/alert-rules/alert-rules.read'
import { opensFor } from '@tocsin/domain/alerts/match'
import { type Observation, observe } from '@tocsin/domain/alerts/observe'
import { signalOf } from '@tocsin/domain/alerts/signal'
import { watchedSites } from '@tocsin/domain/sites/sites.read'
import type { Change } from '@tocsin/journal/change'
import type { DurableEvent } from '@tocsin/journal/read'

/**
 * Holds a page of events against the org's rules. Runs in the transaction that moves the cursor, so each event counts exactly once. A
 * handful of statements, whatever the number of events and rules.
 */
export async function evaluateEvents(change: Change, events: readonly DurableEvent[]): Promise<void> {
  const told = events.flatMap((event) => {
    const signal = signalOf(event)
    return signal ? [{ event, signal }] : []
  })
  if (told.length === 0) return
  const rules = await eventRules(change.tx)
  const sites = await watchedSites(change.tx, [...new Set(told.flatMap(({ signal }) => signal.siteId ?? []))])
  const observations: Observation[] = []
  for (const { event, signal } of told) {
    const site = signal.siteId === null ? null : (sites.get(signal.siteId) ?? null)
    // The site was deleted in the meantime, and with it its threats and what was told of them. A component outlives its site.
    if (signal.detection !== null && !site) continue
    const openedBy = rules.filter((rule) => isAsked(rule, event) && opensFor(rule, signal, site))
    observations.push({ signal, at: new Date(event.at), actor: event.actor, site, openedBy })
  }
  await observe(change, observations, new Map(rules.map((rule) => [rule.id, rule])))
}

/** A rule says nothing of what was before it, or before it was changed. */
const isAsked = (rule: EventRule, { seq }: DurableEvent): boolean => rule.enabled && seq > rule.afterSeq
