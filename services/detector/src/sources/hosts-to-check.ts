import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { listLinkedHosts } from '@tocsin/domain/external-links/external-links.read'
import { listListings } from '@tocsin/domain/listings/listings.read'
import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { recallSite } from '@tocsin/domain/scans/memory'
import { emptySiteMemory, SiteMemory } from '../rules/site-memory.ts'
import type { SourceDeps } from './source.ts'

/** A site has a few hosts to load from, and a directory thousands to link to: those are asked for in turn, within a day. */
const hostsToCheckMax = 100

/** The site's own host first, then those it loads code from, the newest before the others, then those it links to, the most linked first. */
export async function hostsToCheck(
  deps: Pick<SourceDeps, 'read'>,
  { orgId, siteId, siteUrl }: { orgId: OrgId; siteId: SiteId; siteUrl: string },
): Promise<string[]> {
  const { memory, linked, listed } = await deps.read(orgId, async (sql) => ({
    memory: SiteMemory.parse((await recallSite(sql, siteId)) ?? emptySiteMemory),
    linked: await listLinkedHosts(sql, siteId),
    listed: new Set((await listListings(sql, siteId)).flatMap(({ host, listed }) => (listed ? host : []))),
  }))
  const { hosts = {}, pending = {} } = memory.running ?? {}
  const newest = Object.entries(hosts).sort(([, a], [, b]) => b.localeCompare(a))
  const own = URL.parse(siteUrl)?.hostname ?? ''
  // Names inside a network are nobody else's business, and no blocklist's.
  const targets = linked.map((host) => host.replace(/:\d+$/, '')).filter((host) => registrableDomain(`https://${host}/`) !== null)
  const scripts = [...Object.keys(pending), ...newest.map(([host]) => host)]
  // Whoever is listed is asked for until it is not, however many others are linked more.
  const all = new Set([own, ...targets.filter((host) => listed.has(host)), ...scripts, ...targets])
  return [...all].filter(Boolean).slice(0, hostsToCheckMax)
}

/** Asked-for hosts that what a blocklist names stands for: it may name a suffix of them. */
export function hostsNamed(named: string, asked: readonly string[]): string[] {
  const host = URL.parse(named.includes('://') ? named : `http://${named}`)?.hostname
  return host === undefined ? [] : asked.filter((each) => each === host || each.endsWith(`.${host}`))
}
