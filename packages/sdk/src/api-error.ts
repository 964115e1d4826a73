import { Problem } from '@tocsin/contract/problem'

export type ApiErrorCode = Problem['code'] | 'unreachable' | 'timeout' | 'unreadable'

/** A call that did not succeed. `code` is what a program branches on; the message is safe to show. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  /** The HTTP status, or 0 when no answer came. */
  readonly status: number
  /** What is wrong with which field, when the server said so. */
  readonly issues: readonly { path: string; message: string }[]
  readonly requestId: string | null
  readonly retryAfterMs: number | null

  constructor(
    code: ApiErrorCode,
    message: string,
    more: {
      status?: number
      issues?: readonly { path: string; message: string }[]
      requestId?: string | null
      retryAfterMs?: number | null
      cause?: unknown
    } = {},
  ) {
    super(message, more.cause === undefined ? {} : { cause: more.cause })
    this.code = code
    this.status = more.status ?? 0
    this.issues = more.issues ?? []
    this.requestId = more.requestId ?? null
    this.retryAfterMs = more.retryAfterMs ?? null
  }
}

/** The error behind an answer that is not 2xx. A proxy on the way may have answered something that is no problem document. */
export async function errorOfResponse(response: Response): Promise<ApiError> {
  const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'))
  const text = await response.text()
  const problem = Problem.safeParse(jsonOf(text))
  if (problem.success) {
    const { code, detail, title, errors, requestId } = problem.data
    return new ApiError(code, detail || title, { status: response.status, issues: errors, requestId, retryAfterMs })
  }
  return new ApiError(codeOfStatus(response.status), `The server answered ${response.status}.`, {
    status: response.status,
    retryAfterMs,
  })
}

/** Seconds, as our servers send it, or an HTTP date, as a proxy may. */
export function retryAfterMsOf(header: string | null, now: Date = new Date()): number | null {
  if (header === null || header === '') return null
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now.getTime()
  return Number.isFinite(ms) ? Math.max(0, ms) : null
}

function codeOfStatus(status: number): ApiErrorCode {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 429) return 'limit_reached'
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'unreadable'
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null // Not JSON is not a problem document either; the caller falls back to the status.
  }
}
