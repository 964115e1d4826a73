import type { Severity } from '@tocsin/contract/rule'

/** What a delivery carries: the event as it was when it was planned, or a message that is no event. */
export interface Message {
  /** Null unless it is an event of the journal. */
  readonly seq: number | null
  readonly type: string
  /** RFC 3339: when it happened. */
  readonly at: string
  readonly data: unknown
}

/** The type of the mail that tells what was held over the daily limit. It is no event. */
export const digestMessageType = 'message.digest'

/** What a digest says of one message that was held. */
export interface DigestEntry {
  readonly seq: number | null
  readonly type: string
  readonly at: string
  readonly threatId: string | null
  readonly severity: Severity | null
  readonly title: string
  readonly site: string | null
}

export interface DigestData {
  /** This mail's place among those of one digest, which is split when it is long. */
  readonly part: number
  readonly parts: number
  readonly total: number
  readonly entries: readonly DigestEntry[]
}
