import type { PlanReason } from '@tocsin/contract/api/deliveries'
import type { AlertId } from '@tocsin/contract/ids'
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

/** The type of the message that tells what was held. It is no event. */
export const digestMessageType = 'message.digest'

/** What a digest says of one event that was held, or of one alert, however often it was held. */
export interface DigestEntry {
  readonly seq: number | null
  /** Of an alert: `alert.` and what was told of it last, as in alert.worsened. */
  readonly type: string
  /** When the first of it was held. */
  readonly at: string
  readonly alertId: AlertId | null
  readonly severity: Severity | null
  readonly title: string
  readonly site: string | null
  /** How it stands by now; null: nothing that could be over, or it is not kept any more. */
  readonly now: 'open' | 'acknowledged' | 'resolved' | null
}

export interface DigestData {
  /** This message's place among those of one digest, which is split when it is long. */
  readonly part: number
  readonly parts: number
  readonly total: number
  /** Why they were held, each once. */
  readonly reasons: readonly PlanReason[]
  readonly entries: readonly DigestEntry[]
}
