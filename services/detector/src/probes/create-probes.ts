import { randomUUID } from 'node:crypto'
import type { Clock } from '@tocsin/process/clock'
import { type Cookies, createCookies } from '../crawler/cookies.ts'
import { fetchPage } from '../crawler/fetch.ts'
import { fetchRobots } from '../crawler/fetch-robots.ts'
import { fetchSitemap } from '../crawler/fetch-sitemap.ts'
import { urlIdentity } from '../judges/url-identity.ts'
import type { Probes } from './probes.ts'
import { observeTls, type TlsProbeOptions } from './tls.ts'

export interface ProbesDeps extends TlsProbeOptions {
  readonly clock: Clock
  readonly userAgent: string
}

export function createProbes(deps: ProbesDeps): Probes {
  const { outbound, clock, userAgent } = deps
  const look = async (url: string, signal: AbortSignal, visitor: { cookies?: Cookies }) => {
    const { asked } = await fetchPage(url, {
      outbound,
      clock,
      userAgent,
      signal,
      fresh: true,
      mayVisit: () => true,
      wantsLanding: () => false,
      ...visitor,
    })
    return { ...asked, depth: 0, inlinks: 0, inSitemap: false }
  }
  return {
    page: (url, signal) => look(url, signal, {}),
    pageWithCookies: (url, signal) => look(url, signal, { cookies: createCookies() }),
    missing: (siteUrl, signal) => look(missingUrl(siteUrl), signal, {}),
    robots: (siteUrl, signal) => fetchRobots(siteUrl, { outbound, userAgent, signal, fresh: true }),
    async sitemap(url, signal) {
      const { seen, sitemap } = await fetchSitemap(url, { outbound, userAgent, signal, fresh: true, mayVisit: () => true })
      const entries = sitemap?.kind === 'pages' ? sitemap.entries : []
      return { seen, urls: new Set(entries.flatMap((entry) => urlIdentity(entry.url, seen.finalUrl) ?? [])) }
    },
    tls: (url, signal) => observeTls(url, deps, signal),
  }
}

/** Looks like the name of a page, as nobody would call one. */
const missingUrl = (siteUrl: string): string => new URL(`/tocsin-${randomUUID()}`, siteUrl).href
