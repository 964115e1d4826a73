import type { AlertDecision } from '@tocsin/contract/api/alerts'
import { AlertId } from '@tocsin/contract/ids'
import type { DecisionReason, NoticeKind } from '@tocsin/contract/notice'

/** Why somebody heard of an alert, or did not, as one would tell them. */
const reasonWords = {
  subscribed: 'They want to hear of this.',
  escalated: 'Nobody had taken it on in time, and they come next.',
  reminder: 'It is still open, and nobody has taken it on.',
  critical_reserve: "The day's alert messages are used up; critical ones have a reserve of their own.",
  critical_override: 'It is critical: that is told in quiet hours too.',
  cooldown: 'It was told only shortly before, and is no worse now.',
  snoozed: 'Somebody has snoozed it.',
  acknowledged: 'Somebody has taken it on already.',
  silenced: 'A silence mutes it.',
  maintenance: 'It is under maintenance.',
  inhibited: 'An outage explains it, and that one is told.',
  flapping: 'It comes and goes; it is told when it is steady.',
  resolved_before_told: 'It was over before it was told.',
  trigger_not_told: 'That it began was not told, so this is not told either.',
  over_daily_limit: "The day's alert messages are used up; it comes in the hourly digest.",
  do_not_disturb: 'Their quiet hours hold; it is told when they end.',
  hourly_digest: 'They want one mail an hour.',
  daily_digest: 'They want one mail a day.',
  below_severity: 'It is milder than what they want to hear of.',
  event_not_wanted: 'They do not want to hear of this kind of thing.',
  channel_off: 'They have switched mail off.',
  duplicate_address: 'The same address was told already.',
  receiver_disabled: 'This receiver is switched off.',
  mail_not_configured: 'This installation sends no mail: nobody has set SMTP_URL.',
  no_receiver: 'The rule names nobody who could be told.',
  rule_disabled: 'The rule was switched off.',
} satisfies Record<DecisionReason, string>

/** The same, said to the one it is about. */
const toYou: Partial<Record<DecisionReason, string>> = {
  subscribed: 'You want to hear of this.',
  escalated: 'Nobody had taken it on in time, and you come next.',
  do_not_disturb: 'Your quiet hours hold; it is told when they end.',
  hourly_digest: 'You want one mail an hour.',
  daily_digest: 'You want one mail a day.',
  below_severity: 'It is milder than what you want to be mailed.',
  event_not_wanted: 'You do not want to hear of this kind of thing.',
  channel_off: 'You have switched mail off.',
  duplicate_address: 'Your address was told already.',
}

/** An acknowledgement goes to chats and pagers: nobody has said that they do not want it. */
const acknowledgedWords = 'Who is on it is seen here; mail of it goes only to destinations that ask for it.'

export function reasonText({ notice, reason }: Pick<AlertDecision, 'notice' | 'reason'>, isYou: boolean): string {
  if (notice === 'acknowledged' && reason === 'event_not_wanted') return acknowledgedWords
  return (isYou && toYou[reason]) || reasonWords[reason]
}

export const noticeWords = {
  triggered: 'That it began',
  worsened: 'That it became worse',
  resolved: 'That it is over',
  acknowledged: 'That somebody is on it',
  flapping_started: 'That it comes and goes',
  flapping_stopped: 'That it is steady again',
  reminder: 'A reminder',
  escalated: 'That nobody is on it',
} satisfies Record<NoticeKind, string>

export const verdictWords = { sent: 'Told', held: 'Held', suppressed: 'Not told' } satisfies Record<
  AlertDecision['verdict'],
  string
>
export const verdictTones = { sent: 'good', held: 'warn', suppressed: 'off' } satisfies Record<AlertDecision['verdict'], string>

/** What a decision adds to its reason: another alert, or words. Ids that say nothing to a person are left out. */
export function detailOf({ detail }: Pick<AlertDecision, 'detail'>): { alertId: AlertId } | { text: string } | null {
  if (detail === null) return null
  const alertId = AlertId.safeParse(/^inhibited_by (\S+)/.exec(detail)?.[1])
  if (alertId.success) return { alertId: alertId.data }
  const text = detail.replace(/^[a-z]{3}_[0-9a-z]{24}(: )?/, '').trim()
  return text === '' ? null : { text }
}

export interface Heard {
  key: string
  name: string
  isYou: boolean
  isEverybody: boolean
  /** Newest first. */
  decisions: AlertDecision[]
}

/** By receiver: oneself first, then what holds for everybody, then the others by name. */
export function byReceiver(decisions: readonly AlertDecision[], you: string): Heard[] {
  const grouped = Map.groupBy(decisions, ({ receiver }) => `${receiver.kind} ${receiver.id ?? ''}`)
  const heard = [...grouped].flatMap(([key, [first, ...others]]): Heard[] => {
    if (!first) return []
    const { kind, id, name } = first.receiver
    const isYou = kind === 'member' && id === you
    const isEverybody = kind === 'none'
    return [{ key, name: isEverybody ? 'Everybody' : name, isYou, isEverybody, decisions: [first, ...others] }]
  })
  const rank = ({ isYou, isEverybody }: Heard) => (isYou ? 0 : isEverybody ? 1 : 2)
  return heard.toSorted((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name))
}
