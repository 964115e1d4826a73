import { type Problem, problemFor } from '@tocsin/contract/problem'
import { Refusal } from '@tocsin/contract/refusal'
import { DatabaseUnavailable } from '@tocsin/db/pool'

/** An answer that is not a stream. */
export interface Refused {
  readonly status: number
  readonly code: Problem['code']
  readonly headers: Record<string, string>
  readonly body: string
}

const retryAfterSeconds = 5

/** What stops a stream from being opened, as its answer; null for what is a bug. */
export function refusalOf(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (error instanceof DatabaseUnavailable)
    return new Refusal('unavailable', 'The database cannot be reached at the moment.', { retryAfterSeconds })
  return null
}

export function refused(refusal: Refusal | null, requestId: string): Refused {
  const problem = problemFor(refusal, requestId)
  const { status, code } = problem
  const retryAfter = refusal?.retryAfterSeconds ?? null
  return {
    status,
    code,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(status === 401 ? { 'www-authenticate': 'Bearer realm="tocsin"' } : {}),
      ...(retryAfter === null ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify(problem),
  }
}
