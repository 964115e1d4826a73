import type { Foundation } from '@tocsin/journal/foundation'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import type { Crawl } from './crawl-site.ts'
import { crawl } from './crawler/crawl.ts'
import type { DetectorEnv } from './env.ts'
import type { LinkDeps } from './link-pass.ts'
import { createProbes } from './probes/create-probes.ts'
import type { Probes } from './probes/probes.ts'
import { dataAnomalies } from './sources/search-console/anomalies.ts'
import type { SourceDeps } from './sources/source.ts'
import { createSourceOutbound } from './sources/source-outbound.ts'
import { SourceUrlsEnv } from './sources/urls.ts'

/** Sites that take longer to accept a connection are as good as down. */
const connectTimeoutMs = 10_000

export interface Outside {
  readonly crawl: Crawl
  readonly probes: Probes
  /** For addresses of other sites, each asked for once a day. */
  readonly links: LinkDeps['links']
  readonly sources: Pick<SourceDeps, 'outbound' | 'urls' | 'userAgent' | 'anomalies'>
  close(): Promise<void>
}

/** What touches the customers' sites, by the name under which they know us. */
export function openOutside(deps: Pick<Foundation, 'clock' | 'log'>, env: DetectorEnv): Outside {
  const { clock, log } = deps
  const guard = { allowCidrs: parseCidrs(env.ALLOW_TARGET_CIDRS), connectTimeoutMs, verifyCertificates: false }
  const userAgent = `TocsinBot/1.0 (${env.CRAWLER_INFO_URL ? `+${env.CRAWLER_INFO_URL}` : 'site monitoring'})`
  const single = createOutbound(guard)
  const urls = SourceUrlsEnv.parse(env)
  const sourceOutbound = createSourceOutbound(urls, guard.allowCidrs)
  return {
    sources: { outbound: sourceOutbound, urls, userAgent, anomalies: [...dataAnomalies, ...env.GSC_ANOMALIES] },
    links: { outbound: single, userAgent },
    probes: createProbes({ ...guard, outbound: single, clock, userAgent }),
    async crawl(site, hear, signal) {
      const outbound = createOutbound({ ...guard, connectionsPerOrigin: site.connections })
      try {
        const { url: start, pageBudget: budget, connections } = site
        return await crawl({ start, budget, connections, userAgent, outbound, clock, log, signal, ...hear })
      } finally {
        await outbound.close()
      }
    },
    async close() {
      await Promise.all([single.close(), sourceOutbound.close()])
    },
  }
}
