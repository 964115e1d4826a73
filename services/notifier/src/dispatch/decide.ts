import type { AlertNotify } from '@tocsin/contract/api/alert-rules'
import type { AlertId } from '@tocsin/contract/ids'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { AlertDay } from '@tocsin/domain/alert-days/alert-days'
import type { PlannedDelivery } from '@tocsin/domain/deliveries/deliveries'
import type { Decision } from '@tocsin/domain/notices/decisions'
import type { FollowUp } from '@tocsin/domain/notices/follow-ups'
import { type AlertToTell, steadyAndOver, type WaitingNotice } from '@tocsin/domain/notices/notices.read'
import { breakerNotices, spend } from './breaker.ts'
import { followUpsOf } from './follow-ups.ts'
import { hear, wishOf } from './hear.ts'
import { composeMessages, type Entry } from './messages.ts'
import { type Mute, muteOf } from './mute.ts'
import { type GroupWorld, isGoodNews, type Receiver, toldKey } from './world.ts'

export interface Decided {
  /** Of each notice either one for everybody or one for each receiver. */
  readonly decisions: readonly (Decision & { readonly delivery: number | null })[]
  readonly deliveries: readonly PlannedDelivery[]
  readonly feed: readonly {
    readonly userId: Extract<Receiver, { kind: 'member' }>['id']
    readonly alert: AlertToTell
    readonly kind: NoticeKind
  }[]
  readonly followUps: readonly FollowUp[]
  /** Still muted by what they wait for: that was decided before. */
  readonly postponed: readonly { readonly notice: WaitingNotice; readonly until: Date }[]
  /** Outages that are over: their children may be told. */
  readonly outagesOver: readonly AlertId[]
  readonly day: AlertDay
  /** Whether somebody hears of the group, now or by a digest. */
  readonly told: boolean
}

/** Who hears of the notices of one group, and why; and what follows from it. Nothing is left without a reason. */
export function decide(world: GroupWorld): Decided {
  const decisions: Decided['decisions'][number][] = []
  const followUps: FollowUp[] = []
  const postponed: Decided['postponed'][number][] = []
  const feed: Decided['feed'][number][] = []
  const entries: Entry[] = []
  const known = knownAlerts(world)
  for (const notice of world.notices) {
    const alert = alertOf(notice, world)
    const mute = muteOf(notice, alert, world, known.has(alert.id))
    if (mute?.again && mute.again.waitsFor === notice.waitsFor) {
      postponed.push({ notice, until: mute.again.at })
      continue
    }
    const heard = mute ? [] : hearings(notice, alert, world)
    if (heard.length === 0) decisions.push(forEverybody(notice, mute ?? nobodyToTell))
    entries.push(...heard)
    followUps.push(...followUpsOf(notice, alert, mute, heard, world))
    if (mute === null || (mute.reason === 'trigger_not_told' && alert.spoken)) feed.push(...feedOf(notice, alert, world))
  }
  const { held, day } = spend(entries, world)
  const { deliveries, placed } = composeMessages(held, world)
  for (const { entry, delivery } of placed) decisions.push(forReceiver(entry, delivery))
  const notices = day.trippedAt && !world.day.trippedAt ? breakerNotices(world) : []
  return {
    decisions,
    deliveries: [...deliveries, ...notices],
    feed,
    followUps,
    postponed,
    outagesOver: world.notices.flatMap(({ kind, alertId }) =>
      kind === 'resolved' && world.alerts.get(alertId)?.outage ? [alertId] : [],
    ),
    day,
    told: deliveries.length > 0,
  }
}

function knownAlerts({ told }: GroupWorld): ReadonlySet<string> {
  return new Set([...told.keys()].map((key) => key.slice(0, key.indexOf(' '))))
}

function alertOf(notice: WaitingNotice, { alerts }: GroupWorld): AlertToTell {
  const alert = alerts.get(notice.alertId)
  if (!alert) throw new Error(`The notice ${notice.id} is about an alert that was not read.`)
  return alert
}

/** What each receiver is told of a notice. Of one address the first is told. */
function hearings(notice: WaitingNotice, alert: AlertToTell, world: GroupWorld): Entry[] {
  const addresses = new Map<string, string>()
  return audienceOf(notice, alert.id, world).map((receiver) => {
    const known = world.told.get(toldKey(alert.id, receiver.id)) ?? null
    const hearing = hear(receiver, { notice, alert, known, addresses }, world)
    const mailed = receiver.kind === 'member' || receiver.channel === 'email'
    if (hearing.verdict !== 'suppressed' && mailed) addresses.set(receiver.address.toLowerCase(), receiver.name)
    return { notice, alert, receiver, hearing, good: isGoodNews(notice.kind, alert) }
  })
}

/** Whom the rule names, or the step of its escalation; and whoever knows of it already. */
function audienceOf({ kind, step }: WaitingNotice, alertId: AlertId, { rule, receivers, told }: GroupWorld): Receiver[] {
  if (kind === 'escalated') {
    const notify = rule?.escalation?.steps[step ?? 0]?.notify
    return receivers.filter((receiver) => notify && isNamed(receiver, notify))
  }
  return receivers.filter((receiver) => (rule && isNamed(receiver, rule.notify)) || told.has(toldKey(alertId, receiver.id)))
}

function isNamed(receiver: Receiver, { destinations, members }: AlertNotify): boolean {
  if (receiver.kind === 'destination') return destinations === 'all' || destinations.includes(receiver.id)
  return members === 'all' || (members !== 'none' && members.includes(receiver.id))
}

/** The feed disturbs nobody: everybody who wants it has every alert there, whoever is mailed. */
function feedOf({ kind }: WaitingNotice, alert: AlertToTell, world: GroupWorld): Decided['feed'][number][] {
  return world.receivers.flatMap((receiver) =>
    receiver.kind === 'member' && wishOf(receiver, alert, world).inApp ? [{ userId: receiver.id, alert, kind }] : [],
  )
}

const nobodyToTell: Mute = { reason: 'no_receiver', detail: null, until: null, again: null }

function forEverybody({ id, alertId, kind }: WaitingNotice, { reason, detail, until }: Mute): Decided['decisions'][number] {
  const receiver = { kind: 'none', id: null, name: 'Everybody' } as const
  return { noticeId: id, alertId, receiver, notice: kind, verdict: 'suppressed', reason, detail, until, delivery: null }
}

function forReceiver({ notice, receiver, hearing, good }: Entry, delivery: number | null): Decided['decisions'][number] {
  return {
    noticeId: notice.id,
    alertId: notice.alertId,
    receiver: { kind: receiver.kind, id: receiver.id, name: receiver.name },
    notice: notice.kind,
    verdict: hearing.verdict,
    reason: hearing.reason,
    detail: hearing.verdict === 'suppressed' ? hearing.detail : good && notice.kind === 'flapping_stopped' ? steadyAndOver : null,
    until: hearing.verdict === 'suppressed' ? null : hearing.until,
    delivery,
  }
}
