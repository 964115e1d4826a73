import { matchesAny } from '@tocsin/contract/event'
import type { DecisionReason } from '@tocsin/contract/notice'
import { type Severity, severities } from '@tocsin/contract/rule'
import type { AlertToTell, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import { resolvePreference, type Wish } from '@tocsin/domain/people/preferences'
import {
  type DestinationReceiver,
  type GroupWorld,
  isGoodNews,
  type MemberReceiver,
  type Receiver,
  type TellReason,
  type Told,
} from './world.ts'

export type Hearing =
  | { readonly verdict: 'sent' | 'held'; readonly reason: TellReason; readonly until: Date | null }
  | { readonly verdict: 'suppressed'; readonly reason: DecisionReason; readonly detail: string | null }

export interface Question {
  readonly notice: WaitingNotice
  readonly alert: AlertToTell
  /** What the receiver was told of the alert before. */
  readonly known: Told | null
  /** Who is told of this notice at an address already. */
  readonly addresses: ReadonlyMap<string, string>
}
type HearWorld = Pick<GroupWorld, 'mail' | 'ruleId'>

/** Whoever knows that it is open, and was not told of its end, learns nothing from its coming back. */
const stillOpen: Hearing = { verdict: 'suppressed', reason: 'cooldown', detail: 'It came back before its end was told.' }

/** Whether one receiver hears of one notice that nothing mutes, and why. The day's limit is not asked here. */
export function hear(receiver: Receiver, question: Question, world: HearWorld): Hearing {
  if (question.notice.kind === 'triggered' && question.known) return stillOpen
  return receiver.kind === 'destination' ? destinationHears(receiver, question) : memberHears(receiver, question, world)
}

function destinationHears(destination: DestinationReceiver, question: Question): Hearing {
  const { notice, alert, known } = question
  if (!destination.enabled) return not('receiver_disabled')
  if (isGoodNews(notice.kind, alert)) {
    if (!known) return not('trigger_not_told')
    // To a chat or a pager it is a change of state; a mail of it has to be asked for by its name.
    const asked = destination.channel !== 'email' || destination.events.includes(`${sliceOf(alert.source)}.acknowledged`)
    if (notice.kind === 'acknowledged' && !asked) return not('event_not_wanted')
  } else {
    const worse = notice.kind === 'worsened' && matchesAny(destination.events, `${sliceOf(alert.source)}.updated`)
    if (!worse && !matchesAny(destination.events, alert.source)) return not('event_not_wanted')
    if (isMilder(alert.severity, destination.minimumSeverity)) return not('below_severity')
  }
  const double = sameAddress(destination.channel === 'email' ? destination.address : null, question)
  return double ?? withTheDigest(known, question) ?? { verdict: 'sent', reason: reasonOf(notice), until: null }
}

function memberHears(member: MemberReceiver, question: Question, world: HearWorld): Hearing {
  const { notice, alert, known } = question
  const wish = wishOf(member, alert, world)
  const good = isGoodNews(notice.kind, alert)
  if (good && !known) return not('trigger_not_told')
  // Who is on it is seen in the dashboard.
  if (notice.kind === 'acknowledged') return not('event_not_wanted')
  // Whoever heard of it hears that it is over, unless they want no mail at all.
  if (!wish.email && !(good && wish.reason !== 'channel_off')) return not(wish.reason ?? 'channel_off')
  if (!world.mail) return not('mail_not_configured')
  return sameAddress(member.address, question) ?? withTheDigest(known, question) ?? atItsTime(member, wish, question)
}

export const wishOf = (member: MemberReceiver, { source, severity }: AlertToTell, { ruleId }: Pick<HearWorld, 'ruleId'>): Wish =>
  resolvePreference(member.levels, { ruleId, source, severity })

/** A cadence first, and then quiet hours, which only a critical alert may break. */
function atItsTime({ times }: MemberReceiver, { cadence }: Wish, { notice, alert }: Question): Hearing {
  if (cadence === 'hourly') return { verdict: 'held', reason: 'hourly_digest', until: times.hourlyAt }
  if (cadence === 'daily') return { verdict: 'held', reason: 'daily_digest', until: times.dailyAt }
  if (!times.quietUntil) return { verdict: 'sent', reason: reasonOf(notice), until: null }
  if (alert.severity === 'critical' && times.criticalOverrides)
    return { verdict: 'sent', reason: 'critical_override', until: null }
  return { verdict: 'held', reason: 'do_not_disturb', until: times.quietUntil }
}

/** How it goes on is read beside what it is about. */
function withTheDigest(known: Told | null, { notice, alert }: Question): Hearing | null {
  if (known?.state !== 'held' || !isGoodNews(notice.kind, alert)) return null
  return { verdict: 'held', reason: known.reason, until: known.until }
}

function sameAddress(address: string | null, { addresses }: Question): Hearing | null {
  const other = address === null ? undefined : addresses.get(address.toLowerCase())
  return other === undefined ? null : { verdict: 'suppressed', reason: 'duplicate_address', detail: `Told as ${other}.` }
}

const reasonOf = ({ kind }: WaitingNotice): TellReason => (kind === 'reminder' || kind === 'escalated' ? kind : 'subscribed')
const isMilder = (severity: Severity, minimum: Severity): boolean => severities.indexOf(severity) > severities.indexOf(minimum)
const sliceOf = (source: string): string => source.split('.')[0] ?? source
const not = (reason: DecisionReason): Hearing => ({ verdict: 'suppressed', reason, detail: null })
