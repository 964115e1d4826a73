import type { SourceFault } from '@tocsin/contract/api/sources'
import { z } from 'zod'
import { type AskFault, askJson, type Question } from './ask-json.ts'
import type { SourceDeps } from './source.ts'

/** Google's APIs agree on how to say no; the reasons of a 403 tell a spent quota from a closed door. */
const GoogleError = z.object({
  error: z.object({
    status: z.string().optional(),
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

/** One question to an API of Google's: the JSON of a success, or what the failure means. */
export async function askGoogle(
  deps: Pick<SourceDeps, 'outbound' | 'userAgent' | 'clock'>,
  url: string,
  question: Question,
): Promise<{ readonly ok: true; readonly body: unknown } | AskFault> {
  const answered = await askJson(deps, url, question)
  if (!answered.ok) return answered
  const { status, body, retryAt } = answered
  if (status >= 200 && status < 300) return { ok: true, body }
  const reasons = reasonsOf(body)
  const code = reasons.find((reason) => /^[A-Za-z_]{1,60}$/.test(reason))
  const detail = `Google answered ${status}${code === undefined ? '' : ` (${code})`}.`
  return { ok: false, reason: reasonOf(status, reasons), detail, retryAt }
}

function reasonsOf(body: unknown): string[] {
  const parsed = GoogleError.safeParse(body)
  if (!parsed.success) return []
  const { errors = [], details = [], status } = parsed.data.error
  return [...errors.map((each) => each.reason), ...details.map((each) => each.reason), status].filter(
    (each) => each !== undefined,
  )
}

function reasonOf(status: number, reasons: readonly string[]): SourceFault {
  if (reasons.some((reason) => keyReasons.has(reason)) || status === 401) return 'credentials'
  if (status === 429 || reasons.some((reason) => quotaReasons.has(reason))) return 'quota'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  return status >= 500 ? 'unavailable' : 'bad_answer'
}
