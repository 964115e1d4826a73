import type { OutboundFault } from '@tocsin/outbound/outbound-fault'

/**
 * `read`: its rules count. `missing`: everything is allowed. `unreachable`: everything is forbidden (RFC 9309 §2.3.1.4).
 * `unknown`: we could not ask, so nothing may be concluded.
 */
export type RobotsAvailability = 'read' | 'missing' | 'unreachable' | 'unknown'

export type RobotsFetch =
  | { readonly status: number }
  | { readonly fault: OutboundFault | 'redirect_limit' | 'redirect_loop'; readonly detail: string }

/** Crawlers follow five redirects for robots.txt and then treat it as missing. */
export const robotsRedirectsMax = 5

export function robotsAvailability(fetched: RobotsFetch): RobotsAvailability {
  if ('status' in fetched) return availabilityOfStatus(fetched.status)
  switch (fetched.fault) {
    case 'redirect_limit':
    case 'redirect_loop':
      return 'missing'
    case 'timeout':
    case 'refused':
    case 'tls':
    case 'protocol':
      return 'unreachable'
    case 'dns':
      // A name that does not exist is the site's fault; a resolver that does not answer may be ours.
      return /ENOTFOUND|ENODATA/.test(fetched.detail) ? 'unreachable' : 'unknown'
    case 'blocked_address':
    case 'aborted':
      return 'unknown'
    default:
      return fetched.fault satisfies never
  }
}

function availabilityOfStatus(status: number): RobotsAvailability {
  if (status >= 200 && status < 300) return 'read'
  if (status === 429 || status >= 500) return 'unreachable'
  return 'missing'
}
