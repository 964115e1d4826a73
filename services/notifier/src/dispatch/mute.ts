import type { DecisionReason } from '@tocsin/contract/notice'
import { snoozeOf } from '@tocsin/domain/notices/notices'
import type { AlertToTell, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import { type GroupWorld, isGoodNews, type Outage } from './world.ts'

/** Why nobody at all hears of a notice. */
export interface Mute {
  readonly reason: DecisionReason
  readonly detail: string | null
  readonly until: Date | null
  /** It is looked at again then, or when what it waits for ends. */
  readonly again: { readonly waitsFor: string; readonly at: Date } | null
}

type MuteWorld = Pick<GroupWorld, 'now' | 'rule' | 'notices' | 'mutes' | 'told'>

export function muteOf(notice: WaitingNotice, alert: AlertToTell, world: MuteWorld, anybodyKnows: boolean): Mute | null {
  return isGoodNews(notice.kind, alert)
    ? muteOfGoodNews(notice, alert, world, anybodyKnows)
    : (overtaken(notice, alert, world) ?? mutedByHand(notice, alert, world) ?? explained(alert, world))
}

function muteOfGoodNews(notice: WaitingNotice, alert: AlertToTell, { notices }: MuteWorld, anybodyKnows: boolean): Mute | null {
  if (notice.kind === 'resolved' && alert.state !== 'resolved') return moot('cooldown', 'It came back before its end was told.')
  if (notice.kind === 'acknowledged' && alert.state === 'resolved')
    return moot('resolved_before_told', 'It was over before that was told.')
  if (anybodyKnows) return null
  const together = notices.some((other) => other.alertId === alert.id && !isGoodNews(other.kind, alert))
  return together ? moot('resolved_before_told', 'It was over before it was told.') : moot('trigger_not_told', null)
}

/** What has happened since makes it pointless to tell. */
function overtaken({ kind, round }: WaitingNotice, alert: AlertToTell, { rule, now }: MuteWorld): Mute | null {
  if (!rule?.enabled) return moot('rule_disabled', null)
  if (kind === 'flapping_started') return null
  if (alert.state === 'resolved') return moot('resolved_before_told', 'It was over before it was told.')
  if (alert.flapping) return moot('flapping', 'It comes and goes: it is told of when it is steady.')
  const again = kind === 'triggered' || kind === 'reminder' || kind === 'escalated'
  const expired = kind === 'reminder' && round !== null
  if (again && !expired && isSomebodyOnIt(alert, rule, now)) return moot('acknowledged', null)
  return null
}

/** An acknowledgement may be good for a time only. */
export function isSomebodyOnIt(alert: AlertToTell, rule: MuteWorld['rule'], now: Date): boolean {
  if (alert.state !== 'acknowledged' || !alert.acknowledgedAt) return false
  const minutes = rule?.escalation?.acknowledgeWithinMinutes ?? null
  return minutes === null || alert.acknowledgedAt.getTime() + minutes * 60_000 > now.getTime()
}

function mutedByHand({ kind }: WaitingNotice, alert: AlertToTell, { now, mutes }: MuteWorld): Mute | null {
  if (alert.snoozedUntil && alert.snoozedUntil > now && kind !== 'worsened')
    return waiting('snoozed', null, alert.snoozedUntil, snoozeOf(alert.id))
  const silence = latest(mutes.silences.filter((each) => each.mutes(alert)))
  if (silence) return waiting('silenced', silence.id, silence.endsAt, silence.id)
  const maintenance = latest(mutes.maintenances.filter((each) => each.covers(alert)))
  if (maintenance) return waiting('maintenance', `${maintenance.id}: ${maintenance.title}`, maintenance.endsAt, maintenance.id)
  return null
}

/** Should nobody say that the parent is back, it is looked at again after so long. */
const inhibitedMs = 3_600_000

/** A parent that is down explains its children: whoever hears of it need not hear of them. */
function explained(alert: AlertToTell, { mutes, now }: MuteWorld): Mute | null {
  const outage = mutes.outages.find((each) => each.alertId !== alert.id && inhibits(each, alert))
  if (!outage) return null
  const again = { waitsFor: outage.alertId, at: new Date(now.getTime() + inhibitedMs) }
  return { reason: 'inhibited', detail: `inhibited_by ${outage.alertId} (${outage.subject})`, until: null, again }
}

/** Of two that explain each other the first one is told, or nobody would hear of either. */
function inhibits(outage: Outage, alert: AlertToTell): boolean {
  if (!alert.parents.includes(outage.subject) || alert.subject === outage.subject) return false
  if (!alert.outage || !outage.parents.includes(alert.subject)) return true
  const [first, second] = [outage.triggeredAt.getTime(), alert.triggeredAt.getTime()]
  return first < second || (first === second && outage.alertId < alert.id)
}

const moot = (reason: DecisionReason, detail: string | null): Mute => ({ reason, detail, until: null, again: null })

const waiting = (reason: DecisionReason, detail: string | null, until: Date, waitsFor: string): Mute => ({
  reason,
  detail,
  until,
  again: { waitsFor, at: until },
})

function latest<Item extends { endsAt: Date }>(items: readonly Item[]): Item | undefined {
  return items.reduce<Item | undefined>((last, item) => (last && last.endsAt >= item.endsAt ? last : item), undefined)
}
