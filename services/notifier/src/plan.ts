import type { PlanReason } from '@tocsin/contract/api/deliveries'
import { matchesAny } from '@tocsin/contract/event'
import type { DestinationId, ThreatId, WebhookId } from '@tocsin/contract/ids'
import { Severity, severities } from '@tocsin/contract/rule'
import type { AlertDay } from '@tocsin/domain/alert-days/alert-days'
import type { PlannedDelivery } from '@tocsin/domain/deliveries/deliveries'
import { type Told, toldKey } from '@tocsin/domain/deliveries/told'
import type { DurableEvent } from '@tocsin/journal/read'
import { z } from 'zod'
import { wantsMail, wantsWebhook } from './subscriptions.ts'

export interface PlanWorld {
  readonly now: Date
  readonly webhooks: readonly { id: WebhookId; events: readonly string[] }[]
  readonly destinations: readonly { id: DestinationId; events: readonly string[]; minimumSeverity: Severity }[]
  /** Alert messages a day, and how many critical ones beyond them. */
  readonly limits: { readonly daily: number; readonly criticalReserve: number }
  readonly day: AlertDay
  /** By `toldKey`: what destinations know of the threats in question. */
  readonly told: ReadonlyMap<string, Told>
}

export interface Plan {
  readonly deliveries: readonly PlannedDelivery[]
  readonly day: AlertDay
  readonly told: ReadonlyMap<string, Told>
}

/**
 * Who hears of an event, and why or why not. Webhooks are for programs and get what they subscribe to. Mails are for people: a threat is
 * an alert message, of which there are only so many a day; whoever was told of it also hears how it goes on.
 */
export function plan(event: DurableEvent, world: PlanWorld): Plan {
  const message = { seq: event.seq, type: event.type, at: event.at, data: event.data }
  const deliveries: PlannedDelivery[] = world.webhooks
    .filter((webhook) => wantsWebhook(webhook, event))
    .map(({ id }) => ({ receiver: { webhookId: id }, message, state: 'pending', reason: 'subscribed', threatId: null }))
  const threat = threatOf(event)
  const decisions = world.destinations.flatMap((destination) => {
    const decision = decide(event, threat, destination, world)
    return decision === null ? [] : [{ destination, decision }]
  })
  const alerts = decisions.some(({ decision }) => decision === 'alert') ? spend(threat?.severity ?? null, world) : null
  const told = new Map(world.told)
  for (const { destination, decision } of decisions) {
    const { state, reason } = decision === 'alert' && alerts ? alerts.verdict : verdicts[decision]
    const receiver = { destinationId: destination.id }
    deliveries.push({ receiver, message, state, reason, threatId: threat?.id ?? null })
    if (decision === 'alert' && threat) told.set(toldKey(destination.id, threat.id), state === 'held' ? 'held' : 'told')
  }
  const day = alerts?.day ?? world.day
  if (day.trippedAt && !world.day.trippedAt) deliveries.push(...breakerNotices(world))
  return { deliveries, day, told }
}

type Verdict = Pick<PlannedDelivery, 'state'> & { reason: PlanReason }
/** `alert` asks the circuit breaker. */
type Decision = 'alert' | 'tell' | 'tell_in_digest' | 'below_severity' | 'trigger_not_told'

const verdicts = {
  alert: { state: 'pending', reason: 'subscribed' },
  tell: { state: 'pending', reason: 'subscribed' },
  tell_in_digest: { state: 'held', reason: 'over_daily_limit' },
  below_severity: { state: 'suppressed', reason: 'below_severity' },
  trigger_not_told: { state: 'suppressed', reason: 'trigger_not_told' },
} as const satisfies Record<Decision, Verdict>

/** Null: the destination has not asked for such events. */
function decide(
  event: DurableEvent,
  threat: { id: ThreatId; severity: Severity } | null,
  destination: PlanWorld['destinations'][number],
  world: PlanWorld,
): Decision | null {
  // That it flaps is told in the place of the next resolutions.
  const asked = event.type === 'threat.flapped' ? { ...event, type: 'threat.resolved' } : event
  const wanted = wantsMail(destination, event) || wantsMail(destination, asked)
  if (!threat) return wanted ? 'tell' : null
  const severeEnough = severities.indexOf(threat.severity) <= severities.indexOf(destination.minimumSeverity)
  if (event.type === 'threat.detected') return wanted ? (severeEnough ? 'alert' : 'below_severity') : null
  const told = world.told.get(toldKey(destination.id, threat.id)) ?? null
  // It has become bad enough only now: for this destination it is the first it hears of the threat.
  const worsened = event.type === 'threat.updated' && told === null && severeEnough
  if (worsened && (wanted || matchesAny(destination.events, 'threat.detected'))) return 'alert'
  if (!wanted) return null
  if (told === null) return event.type === 'threat.updated' ? 'below_severity' : 'trigger_not_told'
  return told === 'told' ? 'tell' : 'tell_in_digest'
}

/** One alert message more, whatever the number of its destinations: from the day's limit, from the reserve, or over both. */
function spend(severity: Severity | null, { day, limits, now }: PlanWorld): { verdict: Verdict; day: AlertDay } {
  if (day.sent < limits.daily) return { verdict: verdicts.alert, day: { ...day, sent: day.sent + 1 } }
  if (severity === 'critical' && day.criticalSent < limits.criticalReserve)
    return {
      verdict: { state: 'pending', reason: 'critical_reserve' },
      day: { ...day, criticalSent: day.criticalSent + 1 },
    }
  return { verdict: { state: 'held', reason: 'over_daily_limit' }, day: { ...day, trippedAt: day.trippedAt ?? now } }
}

/** One mail a day that says why no more are coming. */
function breakerNotices({ destinations, day, limits, now }: PlanWorld): PlannedDelivery[] {
  const data = { day: day.day, limit: limits.daily }
  return destinations
    .filter((destination) => matchesAny(destination.events, 'threat.detected'))
    .map(({ id }) => ({
      receiver: { destinationId: id },
      message: { seq: null, type: 'circuit_breaker.tripped', at: now.toISOString(), data },
      state: 'pending',
      reason: 'breaker_notice',
      threatId: null,
    }))
}

const AboutThreat = z.object({ threat: z.object({ id: z.custom<ThreatId>((id) => typeof id === 'string'), severity: Severity }) })

export function threatOf(event: Pick<DurableEvent, 'type' | 'data'>): { id: ThreatId; severity: Severity } | null {
  if (!event.type.startsWith('threat.')) return null
  return AboutThreat.safeParse(event.data).data?.threat ?? null
}
