import type { Clock } from '@tocsin/process/clock'
import { fetchPage } from '../crawler/fetch.ts'
import { fetchRobots } from '../crawler/fetch-robots.ts'
import type { Probes } from './probes.ts'
import { observeTls, type TlsProbeOptions } from './tls.ts'

export interface ProbesDeps extends TlsProbeOptions {
  readonly clock: Clock
  readonly userAgent: string
}

export function createProbes(deps: ProbesDeps): Probes {
  const { outbound, clock, userAgent } = deps
  return {
    async page(url, signal) {
      const { asked } = await fetchPage(url, {
        outbound,
        clock,
        userAgent,
        signal,
        fresh: true,
        mayVisit: () => true,
        wantsLanding: () => false,
        onLink() {},
      })
      return { ...asked, depth: 0, inlinks: 0, inSitemap: false }
    },
    robots: (siteUrl, signal) => fetchRobots(siteUrl, { outbound, userAgent, signal, fresh: true }),
    tls: (url, signal) => observeTls(url, deps, signal),
  }
}
