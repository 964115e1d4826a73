import type { ChatMessage } from './chat-message.ts'

export interface ChannelRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * accepted; gone: nothing will ever arrive there; never: not this message; later: again by the schedule.
 */
export interface Classified {
  readonly verdict: 'accepted' | 'gone' | 'never' | 'later'
  /** Seconds that the service asks us to wait, where it says so in the body. */
  readonly retryAfterSeconds?: number | undefined
}

/** One way to say a message over HTTP. Pure: what it is given decides what it makes. */
export interface ChannelKind<Settings> {
  build(message: ChatMessage, settings: Settings): ChannelRequest
  /** Null: as the status usually means. */
  classify?(answer: { readonly status: number; readonly body: string }): Classified | null
}

export const json = (url: string, body: unknown, headers: Record<string, string> = {}): ChannelRequest => ({
  url,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})

export const form = (url: string, fields: Record<string, string>, headers: Record<string, string> = {}): ChannelRequest => ({
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  body: new URLSearchParams(fields).toString(),
})

/** Beneath a base URL, whether that ends with a slash or not. */
export const under = (base: string, path: string): string => `${base.replace(/\/+$/, '')}/${path}`

/** At most so many UTF-16 units, which is how these services count or less than they count; never half a character. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** What an answer's body holds at a path, if it is JSON at all. */
export function answerField(body: string, ...path: readonly string[]): unknown {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return undefined // A service in trouble answers anything: what cannot be read says nothing.
  }
  for (const name of path) value = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return value
}

/** Markdown as Discord, Mattermost, Rocket.Chat and Teams read it: nothing of a title becomes markup, a link or a call to somebody. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/[\\`*_~|[\]<>#]/g, String.raw`\$&`)
    // A word joiner of no width: "@channel" would ring everybody's phone.
    .replaceAll('@', '@\u2060')

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

export const factLines = (message: ChatMessage): string[] => message.facts.map(({ name, value }) => `${name}: ${value}`)

/** Without any markup, for what shows plain text. */
export const plainText = (message: ChatMessage): string =>
  [message.text, ...factLines(message)].filter((line) => line !== '').join('\n')

const colours = { critical: 'b91c1c', high: 'c2410c', medium: 'a16207', low: '1d4ed8' } as const

/** Six digits of base 16. */
export const colourOf = ({ severity, status }: ChatMessage): string =>
  status === 'resolved' ? '15803d' : severity === null ? '4b5563' : colours[severity]

const marks = { critical: '🔴', high: '🟠', medium: '🟡', low: '🔵' } as const
export const markOf = ({ severity, status }: ChatMessage): string =>
  status === 'resolved' ? '✅' : status === 'acknowledged' ? '👀' : severity === null ? 'ℹ️' : marks[severity]
