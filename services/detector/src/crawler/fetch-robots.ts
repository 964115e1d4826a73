import type { Outbound } from '@tocsin/outbound/guarded-http'
import { isRateLimit } from '../judges/challenge.ts'
import { type Hop, nextHop } from '../judges/redirects.ts'
import { robotsBytesMax } from '../judges/robots.ts'
import { robotsAvailability, robotsRedirectsMax } from '../judges/robots-availability.ts'
import type { PageFault, RobotsObservation } from './observation.ts'

export interface RobotsDeps {
  readonly outbound: Outbound
  readonly userAgent: string
  readonly signal: AbortSignal
  readonly fresh: boolean
}

const timeoutMs = 15_000

/** The robots.txt that counts for a site's address. */
export async function fetchRobots(siteUrl: string, deps: RobotsDeps): Promise<RobotsObservation> {
  const { href, host } = new URL('/robots.txt', siteUrl)
  const hops: Hop[] = []
  let url = href
  for (;;) {
    const answer = await deps.outbound.request(url, {
      headers: { 'user-agent': deps.userAgent, accept: 'text/plain,*/*;q=0.5' },
      totalTimeoutMs: timeoutMs,
      maxBytes: robotsBytesMax,
      signal: deps.signal,
      fresh: deps.fresh,
    })
    if (!answer.ok) {
      const { fault, detail } = answer
      return { host, url: href, availability: robotsAvailability({ fault, detail }), status: null, fault, detail, text: '' }
    }
    const { status } = answer
    hops.push({ url, status })
    const location = answer.headers['location']
    const step = nextHop(hops, typeof location === 'string' ? location : location?.[0])
    const isLost = 'end' in step ? step.end === 'loop' || step.end === 'limit' : hops.length > robotsRedirectsMax
    if (isLost) {
      const fault = 'end' in step && step.end === 'loop' ? 'redirect_loop' : 'redirect_limit'
      return { host, url: href, availability: robotsAvailability({ fault, detail: '' }), status, fault, detail: null, text: '' }
    }
    if ('next' in step) {
      url = step.next.href
      continue
    }
    const availability = robotsAvailability({ status })
    const fault: PageFault | null = isRateLimit(status) ? 'rate_limited' : null
    return {
      host,
      url: href,
      availability,
      status,
      fault,
      detail: null,
      text: availability === 'read' ? answer.body.toString('utf8') : '',
    }
  }
}
