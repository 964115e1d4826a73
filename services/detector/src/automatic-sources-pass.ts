import type { SourceInput } from '@tocsin/contract/api/sources'
import { sourceKinds } from '@tocsin/contract/sources/catalog'
import { getSite } from '@tocsin/domain/sites/sites.read'
import { sitesWithoutAutomaticSources, sourceQueue } from '@tocsin/domain/sources/claim'
import { createAutomaticSources } from '@tocsin/domain/sources/sources'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'
import type { SecretBox } from '@tocsin/process/secret-box'
import { parse } from 'tldts'
import { detector } from './held-scan.ts'

export interface AutomaticSourcesDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log' | 'metrics'> {
  readonly sourceBox: SecretBox
}

/** Sites a pass: short changes, so that nobody waits for it. */
const sitesMax = 20

/** Connects new sites to what needs no credentials, and says how much waits to be fetched. */
export async function automaticSourcesPass(deps: AutomaticSourcesDeps): Promise<PassResult> {
  const sites = await deps.db.transaction('installation', (sql) => sitesWithoutAutomaticSources(sql, sitesMax))
  for (const { orgId, siteId } of sites)
    await deps.journal.change(orgId, detector, async (change) => {
      const { url } = await getSite(change.tx, siteId)
      await createAutomaticSources(change, { siteId, kinds: automaticSourcesFor(url), box: deps.sourceBox })
    })
  await measureQueue(deps)
  return sites.length > 0 ? 'worked' : 'idle'
}

/** Both ask about the name that was registered, so an address, a local name or a name under somebody else's (a.github.io) has none. */
export function automaticSourcesFor(siteUrl: string): SourceInput[] {
  const { domain, isIcann, isPrivate } = parse(siteUrl, { allowPrivateDomains: true })
  if (domain === null || isIcann !== true || isPrivate === true) return []
  return [
    { kind: 'rdap', config: sourceKinds.rdap.config.parse({}), credentials: null },
    { kind: 'ct', config: sourceKinds.ct.config.parse({}), credentials: null },
  ]
}

async function measureQueue(deps: AutomaticSourcesDeps): Promise<void> {
  const queue = await deps.db.transaction('installation', (sql) => sourceQueue(sql, deps.clock.now()))
  const waiting = deps.metrics.gauge('source_queue_waiting', 'Sources that are due and that nobody works on', ['kind'])
  const oldest = deps.metrics.gauge('source_queue_oldest_seconds', 'How long the oldest of them has been waiting', ['kind'])
  const failing = deps.metrics.gauge('sources_failing', 'Sources that need somebody', ['kind'])
  for (const each of queue) {
    waiting.set({ kind: each.kind }, each.waiting)
    oldest.set({ kind: each.kind }, each.oldestSeconds)
    failing.set({ kind: each.kind }, each.failing)
  }
}
