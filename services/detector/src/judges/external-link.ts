import type { OutboundAnswer } from '@tocsin/outbound/outbound-request'
import { isChallenge, isRateLimit } from './challenge.ts'
import { isRedirect } from './redirects.ts'

export type LinkOutcome = 'ok' | 'gone' | 'unknown'

/** A name that does not exist, as the resolver says for certain. That it does not answer is another matter. */
const noSuchName = /\b(ENOTFOUND|NXDOMAIN)\b/

/**
 * What one answer says of a link. Only "there is no such page" and "there is no such host" make it gone: who is kept out (401, 403),
 * asked to wait (429, 999) or met by a broken server knows nothing.
 */
export function linkOutcome(answer: OutboundAnswer): LinkOutcome {
  if (!answer.ok) return answer.fault === 'dns' && noSuchName.test(answer.detail) ? 'gone' : 'unknown'
  const { status, headers } = answer
  if (isRateLimit(status)) return 'unknown'
  const beginning = answer.body.subarray(0, beginningMax).toString('utf8')
  const title = /<title[^>]{0,200}>([^<]{0,300})/i.exec(beginning)?.[1] ?? null
  if (isChallenge(status, headers, title, beginning)) return 'unknown'
  if (status === 404 || status === 410) return 'gone'
  // A redirect that leads nowhere is an answer nevertheless.
  return (status >= 200 && status < 300) || isRedirect(status) ? 'ok' : 'unknown'
}

const beginningMax = 8 * 1024
