export interface Hop {
  readonly url: string
  readonly status: number
}

/** As many redirects are followed, as Google does; one more leads nowhere. */
export const hopsMax = 10

export type NextHop =
  | { readonly next: URL }
  /** The answer is not a redirect, or one that leads nowhere. */
  | { readonly end: 'no_redirect' | 'no_location' | 'loop' | 'limit' | 'not_http' }

/** Where a redirect leads, given the hops before it (this one included, last). `visited`: those to which coming back is a loop. */
export function nextHop(hops: readonly Hop[], location: string | undefined, visited: readonly Hop[] = hops): NextHop {
  const last = hops.at(-1)
  if (!last || !isRedirect(last.status)) return { end: 'no_redirect' }
  // Browsers show the body of an answer whose Location is empty.
  if (location === undefined || location.trim() === '') return { end: 'no_location' }
  // Servers send UTF-8 as it is; HTTP libraries read headers as Latin-1.
  const next = URL.parse(asUtf8(location.trim()), last.url)
  if (!next) return { end: 'no_location' }
  if (next.protocol !== 'http:' && next.protocol !== 'https:') return { end: 'not_http' }
  const exact = withoutFragment(next)
  if (visited.some((hop) => withoutFragment(hop.url) === exact)) return { end: 'loop' }
  return hops.length > hopsMax ? { end: 'limit' } : { next: new URL(exact) }
}

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/** Only the same address counts as a loop, not the same page: many sites strip a tracking parameter with a redirect. */
const withoutFragment = (url: string | URL): string => String(url).replace(/#.*$/s, '')

function asUtf8(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  return decoded.includes('\ufffd') ? text : decoded
}
