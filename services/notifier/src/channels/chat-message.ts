import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { testMessageType } from '@tocsin/contract/message'
import { Notice, type NoticeAlert, type NoticeKind, noticeMessageType } from '@tocsin/contract/notice'
import { type Severity, severities } from '@tocsin/contract/rule'
import { type DigestData, digestMessageType, type Message } from '@tocsin/domain/deliveries/message'
import { inLine, oneLine } from '@tocsin/templates/markup'

/** A message as chats, pagers and phones can show it: plain words, which each channel escapes and cuts in its own way. */
export interface ChatMessage {
  /** One line. */
  readonly title: string
  /** May have several lines. */
  readonly text: string
  /** Null: it is not about something that is wrong. */
  readonly severity: Severity | null
  /** Resolved: everything that was told under this key is over. */
  readonly status: 'triggered' | 'acknowledged' | 'resolved' | 'info'
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  /** Null when the installation does not know its own address. */
  readonly url: string | null
  /** The same for everything about one thing. */
  readonly dedupKey: string
  readonly at: string
}

interface ChatContext {
  readonly publicUrl: string | null
}

/** Alerts of a message that are named one by one; the others are counted. */
const namedMax = 10

export function chatMessageOf(message: Message, context: ChatContext): ChatMessage {
  if (message.type === noticeMessageType) return noticeChat(message, Notice.parse(message.data), context)
  // Only the digest pass writes messages of this type, and it writes this shape.
  if (message.type === digestMessageType) return digestChat(message, message.data as DigestData, context)
  if (message.type === testMessageType)
    return info(message, 'Test message', 'If you can read this, alerts of Tocsin will reach you here.', context)
  const tripped = circuitBreakerTripped.data.safeParse(message.data)
  if (message.type === circuitBreakerTripped.type && tripped.success)
    return info(
      message,
      'The rest of today comes in digests',
      `Your organisation has had its ${tripped.data.limit} alert messages for ${tripped.data.day} (UTC). Whatever is found until midnight comes once an hour, with every alert named.`,
      context,
    )
  return info(message, message.type, 'See the events in Tocsin.', context)
}

const info = (message: Message, title: string, text: string, { publicUrl }: ChatContext): ChatMessage => ({
  title,
  text,
  severity: null,
  status: 'info',
  facts: [],
  url: linkOf(publicUrl, '/'),
  dedupKey: `${message.type}:${message.at}`,
  at: message.at,
})

const words: Record<NoticeKind, string> = {
  triggered: 'New',
  worsened: 'Worse',
  resolved: 'Resolved',
  acknowledged: 'Somebody is on it',
  flapping_started: 'Comes and goes',
  flapping_stopped: 'Steady again',
  reminder: 'Still open',
  escalated: 'Nobody has answered',
}

function noticeChat(message: Message, notice: Notice, { publicUrl }: ChatContext): ChatMessage {
  const [first] = notice.alerts
  if (!first) throw new Error('A notice without an alert.')
  const worst = severities.find((severity) => notice.alerts.some((alert) => alert.severity === severity)) ?? first.severity
  const common = { severity: worst, status: statusOf(notice), dedupKey: notice.dedupKey, at: message.at }
  const count = notice.alerts.length + notice.more
  if (count === 1)
    return {
      ...common,
      title: oneLine(`${words[first.kind]}: ${first.title}${siteOf(first)}`),
      text: [first.description, ...(first.state === 'resolved' ? [] : [first.impact, first.action])]
        .map(inLine)
        .filter((line) => line !== '')
        .join('\n'),
      facts: [{ name: 'Severity', value: first.severity }, ...first.facts, { name: 'Rule', value: notice.rule }].map(fact),
      url: linkOf(publicUrl, first.path),
    }
  const named = notice.alerts.slice(0, namedMax)
  const others = count - named.length
  return {
    ...common,
    title: oneLine(`${count} alerts, worst ${worst}: ${first.title}`),
    text: [
      ...named.map((alert) => `• ${alert.severity.toUpperCase()} ${words[alert.kind]}: ${oneLine(alert.title + siteOf(alert))}`),
      ...(others > 0 ? [`… and ${others} more`] : []),
    ].join('\n'),
    facts: [{ name: 'Rule', value: notice.rule }].map(fact),
    url: linkOf(publicUrl, '/alerts'),
  }
}

/** A pager closes what it holds under the key: only when nothing of the group is open any more. */
function statusOf({ alerts, open }: Notice): ChatMessage['status'] {
  if (open === 0 && alerts.every(({ state }) => state === 'resolved')) return 'resolved'
  if (alerts.every(({ kind }) => kind === 'acknowledged')) return 'acknowledged'
  if (alerts.every(({ state }) => state === 'resolved')) return 'info'
  return 'triggered'
}

/** Chats are sent digests of no more than this, so that every alert is named; pagers and phones are told how many more there are. */
const digestNamedMax = 25
/** With its id a line of a digest must not be longer than its share of what the strictest chat shows. */
const digestTitleLengthMax = 40

/** What is over by now comes last. */
function digestChat(message: Message, { part, parts, total, entries }: DigestData, { publicUrl }: ChatContext): ChatMessage {
  const over = entries.filter(({ now }) => now === 'resolved')
  const named = [...entries.filter(({ now }) => now !== 'resolved'), ...over].slice(0, digestNamedMax)
  const others = entries.length - named.length
  const since = over.length > 0 ? `, ${over.length} resolved since` : ''
  return {
    title: `Digest: ${total} ${total === 1 ? 'message' : 'messages'}${parts > 1 ? ` (${part}/${parts})` : ''}${since}`,
    text: [...named.map(digestLine), ...(others > 0 ? [`… and ${others} more`] : [])].join('\n'),
    severity: severities.find((severity) => entries.some((entry) => entry.severity === severity)) ?? null,
    status: 'info',
    facts: [],
    url: linkOf(publicUrl, '/alerts'),
    dedupKey: `${message.type}:${message.at}`,
    at: message.at,
  }
}

function digestLine({ severity, title, alertId, now }: DigestData['entries'][number]): string {
  const what = `• ${severity ? `${severity.toUpperCase()} ` : ''}${oneLine(title, digestTitleLengthMax)}`
  return [what, ...(now === 'resolved' ? ['resolved since'] : []), ...(alertId ? [alertId] : [])].join(' · ')
}

const siteOf = ({ site }: NoticeAlert): string => (site ? ` (${site.name})` : '')
const fact = ({ name, value }: { name: string; value: string }) => ({ name: oneLine(name, 60), value: oneLine(value, 300) })
const linkOf = (publicUrl: string | null, path: string): string | null =>
  publicUrl === null ? null : new URL(path, publicUrl).href
