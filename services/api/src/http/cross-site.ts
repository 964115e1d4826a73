import { Refusal } from '@tocsin/contract/refusal'
import type { Request } from 'express'

/**
 * True when a browser says that the page that makes this request is not one of ours. Programs other than browsers send neither header,
 * and have no cookie that they did not ask for. Without PUBLIC_URL the host that was asked must do: the scheme is only known to the
 * proxy in front of us.
 */
export function isCrossSite(request: Request, ownOrigin: string | null): boolean {
  const { origin } = request.headers
  const site = request.get('sec-fetch-site')
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true
  return origin !== undefined && origin !== ownOrigin && URL.parse(origin)?.host !== request.get('host')
}

export function refuseCrossSite(request: Request, ownOrigin: string | null): void {
  if (isCrossSite(request, ownOrigin)) throw new Refusal('forbidden', 'The page that made this request is not one of ours.')
}

/** The origin that the caller addressed, as far as we can see behind a proxy. */
export const originAsked = (request: Request): string => `${request.protocol}://${request.get('host') ?? 'localhost'}`
