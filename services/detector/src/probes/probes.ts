import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { Clock } from '@tocsin/process/clock'
import { fetchPage } from '../crawler/fetch.ts'
import { fetchRobots } from '../crawler/fetch-robots.ts'
import type { PageObservation, RobotsObservation } from '../crawler/observation.ts'
import { observeTls, type TlsObservation, type TlsProbeOptions } from './tls.ts'

/** Single looks, each on a connection of its own. A fault of the outside is part of the observation, never thrown. */
export interface Probes {
  /** Where the page stands in the site is not known here: depth and inlinks are 0. */
  page(url: string, signal: AbortSignal): Promise<PageObservation>
  robots(siteUrl: string, signal: AbortSignal): Promise<RobotsObservation>
  tls(url: string, signal: AbortSignal): Promise<TlsObservation>
}

export interface ProbesDeps extends TlsProbeOptions {
  readonly clock: Clock
  readonly userAgent: string
  readonly outbound: Outbound
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
