import type { Problem } from '@tocsin/contract/problem'
import { Refusal, type RefusalCode } from '@tocsin/contract/refusal'
import { DatabaseUnavailable } from '@tocsin/db/pool'

const statusOf = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  invalid: 422,
  limit_reached: 429,
  unavailable: 503,
} satisfies Record<RefusalCode, number>

const titleOf = {
  malformed: 'Malformed request',
  unauthenticated: 'Not signed in',
  forbidden: 'Not allowed',
  not_found: 'Not found',
  method_not_allowed: 'Method not allowed',
  conflict: 'Conflict',
  precondition_failed: 'Changed in the meantime',
  too_large: 'Too large',
  unsupported_media_type: 'Unsupported media type',
  invalid: 'Not valid',
  limit_reached: 'Limit reached',
  unavailable: 'Not available at the moment',
  internal: 'Internal error',
} satisfies Record<Problem['code'], string>

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
  const code = refusal?.code ?? 'internal'
  const status = refusal ? statusOf[refusal.code] : 500
  const problem: Problem = {
    type: `urn:tocsin:problem:${code}`,
    title: titleOf[code],
    status,
    code,
    detail: refusal?.message ?? 'Something went wrong on our side.',
    errors: refusal?.issues ?? [],
    requestId,
  }
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
