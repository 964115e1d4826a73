import type { PlanReason } from '@tocsin/contract/api/deliveries'
import type { DestinationKind } from '@tocsin/contract/api/destinations'
import type { AlertId, AlertRuleId, DestinationId, UserId } from '@tocsin/contract/ids'
import type { DecisionReason, NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { AlertDay } from '@tocsin/domain/alert-days/alert-days'
import type { AlertToTell, TellingRule, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import type { PreferenceLevels } from '@tocsin/domain/people/preferences'

/** What is known when it is decided who hears of the notices of one group. */
export interface GroupWorld {
  readonly now: Date
  /** Null: it is deleted. */
  readonly rule: TellingRule | null
  readonly ruleId: AlertRuleId | null
  readonly dedupKey: string
  /** Alerts of the group that are open. */
  readonly open: number
  readonly notices: readonly WaitingNotice[]
  readonly alerts: ReadonlyMap<AlertId, AlertToTell>
  /** Destinations before members: of one address the destination is told. */
  readonly receivers: readonly Receiver[]
  /** By `toldKey`. */
  readonly told: ReadonlyMap<string, Told>
  readonly mutes: Mutes
  /** Without a mail server members are told by the feed alone. */
  readonly mail: boolean
  /** Alert messages a day, and how many critical ones beyond them. */
  readonly limits: { readonly daily: number; readonly criticalReserve: number }
  readonly day: AlertDay
}

export interface DestinationReceiver {
  readonly kind: 'destination'
  readonly id: DestinationId
  readonly name: string
  readonly channel: DestinationKind
  readonly address: string
  readonly events: readonly string[]
  readonly minimumSeverity: Severity
  readonly enabled: boolean
}
export interface MemberReceiver {
  readonly kind: 'member'
  readonly id: UserId
  readonly name: string
  readonly address: string
  readonly levels: PreferenceLevels
  readonly times: MemberTimes
}
/** By a member's schedule, from now on. */
export interface MemberTimes {
  /** Null: it is not quiet now. */
  readonly quietUntil: Date | null
  readonly criticalOverrides: boolean
  readonly hourlyAt: Date
  readonly dailyAt: Date
}
export type Receiver = DestinationReceiver | MemberReceiver

/** Why a message is sent, or comes with a digest. */
export type TellReason = DecisionReason & PlanReason

/** Whether somebody was told of an alert, or will be by a digest. */
export type Told =
  | { readonly state: 'told' }
  | { readonly state: 'held'; readonly reason: TellReason; readonly until: Date | null }
export const toldKey = (alertId: AlertId, receiverId: string): string => `${alertId} ${receiverId}`

export interface Mutes {
  readonly silences: readonly { id: string; endsAt: Date; mutes(alert: AlertToTell): boolean }[]
  readonly maintenances: readonly { id: string; title: string; endsAt: Date; covers(alert: AlertToTell): boolean }[]
  /** Open alerts that are outages. */
  readonly outages: readonly Outage[]
}
export interface Outage {
  readonly alertId: AlertId
  readonly subject: string
  readonly parents: readonly string[]
  readonly triggeredAt: Date
}

/** Good news goes to whoever had the bad. */
export function isGoodNews(kind: NoticeKind, alert: AlertToTell): boolean {
  return kind === 'resolved' || kind === 'acknowledged' || (kind === 'flapping_stopped' && alert.state === 'resolved')
}

const hourMs = 3_600_000
export const nextHour = (at: Date): Date => new Date((Math.floor(at.getTime() / hourMs) + 1) * hourMs)
