import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import type { AlertDay } from '@tocsin/domain/alert-days/alert-days'
import type { PlannedDelivery } from '@tocsin/domain/deliveries/deliveries'
import { effectivePreference } from '@tocsin/domain/people/preferences'
import { type Entry, receiverOf } from './messages.ts'
import type { GroupWorld, Receiver } from './world.ts'

/**
 * One alert message more, whatever the number of its alerts and receivers: from the day's limit, from the reserve of critical ones, or
 * over both, and then it comes with a digest. How an alert goes on that was told is never over the limit.
 */
export function spend(
  entries: readonly Entry[],
  { day, limits, now }: Pick<GroupWorld, 'day' | 'limits' | 'now'>,
): { held: readonly Entry[]; day: AlertDay } {
  const counted = entries.filter(({ hearing, good }) => hearing.verdict === 'sent' && !good)
  if (counted.length === 0) return { held: entries, day }
  if (day.sent < limits.daily) return { held: entries, day: { ...day, sent: day.sent + 1 } }
  const critical = counted.some(({ alert }) => alert.severity === 'critical')
  const reserved = critical && day.criticalSent < limits.criticalReserve
  const hearing = reserved
    ? ({ verdict: 'sent', reason: 'critical_reserve', until: null } as const)
    : ({ verdict: 'held', reason: 'over_daily_limit', until: null } as const)
  const asCounted = new Set(counted)
  return {
    held: entries.map((entry) => (asCounted.has(entry) ? { ...entry, hearing } : entry)),
    day: reserved ? { ...day, criticalSent: day.criticalSent + 1 } : { ...day, trippedAt: day.trippedAt ?? now },
  }
}

/** One message a day, to everybody who hears of alerts, that says why no more are coming. */
export function breakerNotices({ receivers, day, limits, now, mail }: GroupWorld): PlannedDelivery[] {
  const data = { day: day.day, limit: limits.daily }
  const message = { seq: null, type: circuitBreakerTripped.type, at: now.toISOString(), data }
  const addresses = new Set<string>()
  return receivers.flatMap((receiver): PlannedDelivery[] => {
    if (!hearsOfAlerts(receiver, mail)) return []
    if (receiver.kind === 'member' || receiver.channel === 'email') {
      const address = receiver.address.toLowerCase()
      if (addresses.has(address)) return []
      addresses.add(address)
    }
    const until = receiver.kind === 'member' ? receiver.times.quietUntil : null
    const common = { receiver: receiverOf(receiver), message }
    return [
      until
        ? { ...common, state: 'held', reason: 'do_not_disturb', holdUntil: until }
        : { ...common, state: 'pending', reason: 'breaker_notice' },
    ]
  })
}

function hearsOfAlerts(receiver: Receiver, mail: boolean): boolean {
  if (receiver.kind === 'destination') return receiver.enabled
  return mail && effectivePreference(receiver.levels, null).email
}
