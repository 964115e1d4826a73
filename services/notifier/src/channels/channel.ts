import type { AttemptOutcome } from '@tocsin/contract/api/deliveries'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'

/** How one attempt went. What the other side does is never an exception. */
export interface SendResult {
  readonly outcome: AttemptOutcome
  /** False: trying again cannot help. */
  readonly retry: boolean
  /** HTTP or SMTP. */
  readonly status: number | null
  readonly latencyMs: number
  /** The beginning of the answer, or why there is none. */
  readonly response: string
  /** How long the receiver asked us to wait. */
  readonly retryAfterMs: number | null
  /** It is not about this message: nothing else should be sent there for a while either. */
  readonly slow: boolean
  /** Of mail that was refused for whom it is to: gone, such a mailbox is not there. */
  readonly mailbox?: 'gone'
}

/** A way to a receiver. One attempt within its deadline; an aborted signal ends it at once. */
export interface Channel {
  send(delivery: ClaimedDelivery, signal: AbortSignal): Promise<SendResult>
  close(): Promise<void>
}

/** For one attempt, the answer's body included: a lease is three times as long. */
export const attemptMsMax = 15_000
export const connectMsMax = 5_000
/** Of an answer; what is longer is cut there. */
export const responseBytesMax = 16 * 1024
