import type { SourceFault } from '@tocsin/contract/api/sources'
import { z } from 'zod'
import type { Answered, AskFault } from './ask-json.ts'

/** Google's APIs agree on how to say no; the reasons of a 403 tell a spent quota from a closed door. */
const Problem = z.object({
  error: z.object({
    status: z.string().optional(),
    message: z.string().optional(),
    errors: z.array(z.object({ reason: z.string().optional() })).optional(),
    details: z.array(z.object({ reason: z.string().optional() })).optional(),
  }),
})

const quotaReasons = new Set([
  'quotaExceeded',
  'rateLimitExceeded',
  'userRateLimitExceeded',
  'dailyLimitExceeded',
  'RATE_LIMIT_EXCEEDED',
  'RESOURCE_EXHAUSTED',
])
const keyReasons = new Set(['API_KEY_INVALID', 'keyInvalid', 'keyExpired', 'authError', 'ACCESS_TOKEN_EXPIRED'])

/** What a Google API means by an answer that is no success. Its words are not passed on: they may repeat what was sent. */
export function googleFault({ status, body, retryAt }: Extract<Answered, { ok: true }>): AskFault {
  const { reasons, isBadKey } = problemOf(body)
  const code = reasons.find((reason) => /^[A-Za-z_]{1,60}$/.test(reason))
  const detail = `Google answered ${status}${code === undefined ? '' : ` (${code})`}.`
  return { ok: false, reason: isBadKey ? 'credentials' : reasonOf(status, reasons), detail, retryAt }
}

function problemOf(body: unknown): { reasons: string[]; isBadKey: boolean } {
  const parsed = Problem.safeParse(body)
  if (!parsed.success) return { reasons: [], isBadKey: false }
  const { errors = [], details = [], status, message = '' } = parsed.data.error
  const reasons = [...errors.map((each) => each.reason), ...details.map((each) => each.reason), status]
  // Some of them say only in words that the key is no good.
  return { reasons: reasons.filter((each) => each !== undefined), isBadKey: /api key/i.test(message) }
}

function reasonOf(status: number, reasons: readonly string[]): SourceFault {
  if (status === 401 || reasons.some((reason) => keyReasons.has(reason))) return 'credentials'
  if (status === 429 || reasons.some((reason) => quotaReasons.has(reason))) return 'quota'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status >= 500 ? 'unavailable' : 'bad_answer'
}
