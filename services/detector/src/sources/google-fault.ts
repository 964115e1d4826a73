import { z } from 'zod'
import type { Answered, AskFault } from './ask-json.ts'

const Problem = z.object({ error: z.object({ status: z.string().optional(), message: z.string().optional() }) })

/** What a Google API means by an answer that is no success. Its words are cut: they may repeat what was sent. */
export function googleFault({ status, body, retryAt }: Extract<Answered, { ok: true }>): AskFault {
  const problem = Problem.safeParse(body)
  const word = problem.success ? (problem.data.error.status ?? '') : ''
  const detail = `Answered ${status}${word === '' ? '' : ` (${word.slice(0, 60)})`}.`
  const isBadKey = problem.success && /api key/i.test(problem.data.error.message ?? '')
  if (status === 401 || isBadKey) return { ok: false, reason: 'credentials', detail, retryAt }
  if (status === 429 || word === 'RESOURCE_EXHAUSTED') return { ok: false, reason: 'quota', detail, retryAt }
  if (status === 403) return { ok: false, reason: 'forbidden', detail, retryAt }
  return { ok: false, reason: status >= 500 ? 'unavailable' : 'bad_answer', detail, retryAt }
}
