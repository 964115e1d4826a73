import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { OutboundAnswer } from '@tocsin/outbound/outbound-request'
import { type LinkOutcome, linkOutcome } from '../judges/external-link.ts'
import { type Hop, nextHop } from '../judges/redirects.ts'

export interface CheckedAddress {
  readonly outcome: LinkOutcome
  readonly status: number | null
  readonly fault: string | null
}

/** Of foreign sites nothing is read but the beginning of an error page, to recognise walls. */
const bodyBytesMax = 16 * 1024
const timeoutMs = 15_000

/** Asks for the head only, and for the whole when that fails: many servers know no HEAD. Never throws for what the outside does. */
export async function checkLink(
  url: string,
  deps: { outbound: Outbound; userAgent: string },
  signal: AbortSignal,
): Promise<CheckedAddress> {
  const head = await follow(url, 'HEAD', deps, signal)
  // A name that does not exist does not exist for GET either; everything else that is not well is asked for again.
  const isSure = linkOutcome(head) === 'ok' || (!head.ok && head.fault === 'dns')
  const answer = isSure ? head : await follow(url, 'GET', deps, signal)
  return {
    outcome: linkOutcome(answer),
    status: answer.ok ? answer.status : null,
    fault: answer.ok ? null : answer.fault,
  }
}

async function follow(
  first: string,
  method: 'HEAD' | 'GET',
  { outbound, userAgent }: { outbound: Outbound; userAgent: string },
  signal: AbortSignal,
): Promise<OutboundAnswer> {
  const hops: Hop[] = []
  let url = first
  for (;;) {
    const answer = await outbound.request(url, {
      method,
      headers: { 'user-agent': userAgent, accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'en,*;q=0.5' },
      totalTimeoutMs: timeoutMs,
      maxBytes: bodyBytesMax,
      signal,
      fresh: true,
    })
    if (!answer.ok) return answer
    hops.push({ url, status: answer.status })
    const location = answer.headers['location']
    const step = nextHop(hops, typeof location === 'string' ? location : location?.[0])
    if (!('next' in step)) return answer
    url = step.next.href
  }
}
