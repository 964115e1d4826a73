import type { BeaconOwner } from '@tocsin/domain/vitals/beacon.read'

/**
 * May a page of this origin report for the site? Its own host may (with or without www, over http or https, on any port), its subdomains,
 * and whoever is listed. A page that has no origin to name (a file, a sandbox) is nobody's.
 */
export function mayReport(beacon: Pick<BeaconOwner, 'url' | 'allowedOrigins'>, origin: string | undefined): boolean {
  const page = origin === undefined ? null : URL.parse(origin)
  if (!page || (page.protocol !== 'https:' && page.protocol !== 'http:')) return false
  if (beacon.allowedOrigins.includes(page.origin)) return true
  const own = bare(new URL(beacon.url).hostname)
  const host = bare(page.hostname)
  return host === own || host.endsWith(`.${own}`)
}

const bare = (hostname: string): string => hostname.replace(/^www\./, '')
