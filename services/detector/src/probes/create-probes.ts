import { randomUUID } from 'node:crypto'
import type { Clock } from '@tocsin/process/clock'
import { type Cookies, createCookies } from '../crawler/cookies.ts'
import { fetchPage } from '../crawler/fetch.ts'
import { fetchRobots } from '../crawler/fetch-robots.ts'
import { fetchSitemap } from '../crawler/fetch-sitemap.ts'
import { urlAddress } from '../judges/url-address.ts'
import { fetchScript } from './fetch-script.ts'
import type { Probes, Visitor } from './probes.ts'
import { observeTls, type TlsProbeOptions } from './tls.ts'

export interface ProbesDeps extends TlsProbeOptions {
  readonly clock: Clock
  readonly userAgent: string
}

export function createProbes(deps: ProbesDeps): Probes {
  const { outbound, clock, userAgent } = deps
  const look = async (
    url: string,
    signal: AbortSignal,
    visitor: { cookies?: Cookies; userAgent?: string; referrer?: string },
  ) => {
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
    pageAs: (url, visitor, signal) => look(url, signal, visitors[visitor]),
    missing: (siteUrl, signal) => look(missingUrl(siteUrl), signal, {}),
    script: (url, question, signal) => fetchScript(url, question, deps, signal),
    robots: (siteUrl, signal) => fetchRobots(siteUrl, { outbound, userAgent, signal, fresh: true }),
    async sitemap(url, signal) {
      const { seen, sitemap } = await fetchSitemap(url, { outbound, userAgent, signal, fresh: true, mayVisit: () => true })
      const entries = sitemap?.kind === 'pages' ? sitemap.entries : []
      return { seen, urls: new Set(entries.flatMap((entry) => urlAddress(entry.url, seen.finalUrl) ?? [])) }
    },
    tls: (url, signal) => observeTls(url, deps, signal),
  }
}

/** As sites that are cloaked tell them apart: by their names and by where they come from. */
const visitors = {
  googlebot: { userAgent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)' },
  searcher: {
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    referrer: 'https://www.google.com/',
  },
} as const satisfies Record<Visitor, { userAgent: string; referrer?: string }>

/** Looks like the name of a page, as nobody would call one. */
const missingUrl = (siteUrl: string): string => new URL(`/tocsin-${randomUUID()}`, siteUrl).href
