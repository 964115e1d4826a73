import type { SourceFault } from '@tocsin/contract/api/sources'
import { retryAfterSeconds } from '../judges/retry-after.ts'
import type { SourceDeps } from './source.ts'

/** What came back, before anybody has asked what it means. */
export type Answered =
  | { readonly ok: true; readonly status: number; readonly body: unknown; readonly retryAt: Date | null }
  | AskFault

export interface AskFault {
  readonly ok: false
  readonly reason: SourceFault
  readonly detail: string
  readonly retryAt: Date | null
}

export interface Question {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

const timeoutMsUsual = 30_000
const maxBytesUsual = 4 * 1024 * 1024

/** One question to a JSON API. No answer, half an answer and what is no JSON are faults; any status with JSON, or with no success, is an answer. */
export async function askJson(
  deps: Pick<SourceDeps, 'outbound' | 'userAgent' | 'clock'>,
  url: string,
  question: Question,
): Promise<Answered> {
  const { method = 'GET', headers = {}, body, signal, timeoutMs = timeoutMsUsual, maxBytes = maxBytesUsual } = question
  const answer = await deps.outbound.request(url, {
    method,
    headers: { accept: 'application/json', 'user-agent': deps.userAgent, ...headers },
    ...(body === undefined ? {} : { body }),
    totalTimeoutMs: timeoutMs,
    maxBytes,
    signal,
  })
  if (!answer.ok) return { ok: false, reason: 'unavailable', detail: `No answer (${answer.fault}).`, retryAt: null }
  const { status } = answer
  const seconds = retryAfterSeconds(answer.headers['retry-after'], deps.clock.now())
  const retryAt = seconds === null ? null : new Date(deps.clock.now().getTime() + seconds * 1_000)
  const parsed = answer.truncated ? undefined : parsedJson(answer.body)
  if (parsed === undefined && status >= 200 && status < 300) {
    const detail = answer.truncated ? `More than ${maxBytes} bytes.` : 'An answer that is not JSON.'
    return { ok: false, reason: 'bad_answer', detail, retryAt }
  }
  return { ok: true, status, body: parsed ?? null, retryAt }
}

function parsedJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
