import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { recallSite } from '@tocsin/domain/scans/memory'
import { emptySiteMemory, SiteMemory } from '../rules/site-memory.ts'
import type { SourceDeps } from './source.ts'

/** As many as one question may name. */
export const hostsMax = 50

/** The site's own host first, then those it loads code from, the newest before the others. */
export async function hostsToCheck(
  deps: Pick<SourceDeps, 'read'>,
  { orgId, siteId, siteUrl }: { orgId: OrgId; siteId: SiteId; siteUrl: string },
): Promise<string[]> {
  const memory = await deps.read(orgId, async (sql) => SiteMemory.parse((await recallSite(sql, siteId)) ?? emptySiteMemory))
  const { hosts = {}, pending = {} } = memory.running ?? {}
  const newest = Object.entries(hosts).sort(([, a], [, b]) => b.localeCompare(a))
  const own = URL.parse(siteUrl)?.hostname ?? ''
  return [...new Set([own, ...Object.keys(pending), ...newest.map(([host]) => host)])].filter(Boolean).slice(0, hostsMax)
}

/** Asked-for hosts that what a blocklist names stands for: it may name a suffix of them. */
export function hostsNamed(named: string, asked: readonly string[]): string[] {
  const host = URL.parse(named.includes('://') ? named : `http://${named}`)?.hostname
  return host === undefined ? [] : asked.filter((each) => each === host || each.endsWith(`.${host}`))
}
