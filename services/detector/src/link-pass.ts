import { randomUUID } from 'node:crypto'
import { recordLinkCheck, releaseLinkCheck } from '@tocsin/domain/external-links/external-links'
import { type ClaimedLink, claimExternalLinks } from '@tocsin/domain/external-links/external-links.read'
import { registrableDomain } from '@tocsin/domain/registrable-domain'
import { getSite } from '@tocsin/domain/sites/sites.read'
import type { Foundation } from '@tocsin/journal/foundation'
import type { Outbound } from '@tocsin/outbound/guarded-http'
import type { Clock } from '@tocsin/process/clock'
import type { PassResult } from '@tocsin/process/loop'
import { detector } from './held-scan.ts'
import { type CheckedAddress, checkLink } from './probes/check-link.ts'

export interface LinkDeps extends Pick<Foundation, 'db' | 'journal' | 'clock'> {
  readonly links: { readonly outbound: Outbound; readonly userAgent: string }
  readonly hostPace: HostPace
}

/** Links at once, each of another host. */
const linksMax = 16
/** HEAD and GET, slow ones, with redirects. */
const checkMsMax = 60_000
const leaseMs = 2 * checkMsMax

/** When each foreign host was asked last: many sites link to the same few. */
export interface HostPace {
  resting(): string[]
  asked(host: string): void
}

const restMs = 2_000
/** Hosts that were asked within the rest: a few hundred at the most. */
export function createHostPace(clock: Clock): HostPace {
  const askedAt = new Map<string, number>()
  return {
    resting() {
      const since = clock.now().getTime() - restMs
      for (const [host, at] of askedAt) if (at <= since) askedAt.delete(host)
      return [...askedAt.keys()]
    },
    asked: (host) => void askedAt.set(host, clock.now().getTime()),
  }
}

/** Asks whether the addresses of other sites, to which pages link, are still there. */
export async function linkPass(deps: LinkDeps, stopping: AbortSignal): Promise<PassResult> {
  const now = deps.clock.now()
  const resting = deps.hostPace.resting()
  const claim = { now, leaseUntil: new Date(now.getTime() + leaseMs), token: randomUUID(), resting, limit: linksMax }
  const claimed = await deps.db.transaction('installation', (sql) => claimExternalLinks(sql, claim))
  await Promise.all(claimed.map((link) => check(deps, link, claim.token, stopping)))
  return claimed.length > 0 ? 'worked' : 'idle'
}

async function check(deps: LinkDeps, { orgId, siteId, url }: ClaimedLink, token: string, stopping: AbortSignal): Promise<void> {
  deps.hostPace.asked(new URL(url).host)
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(checkMsMax)])
  const checked = await checkLink(url, deps.links, signal)
  if (stopping.aborted) {
    await deps.journal.change(orgId, detector, (change) => releaseLinkCheck(change, { siteId, url, token }))
    return
  }
  const seen = checked.fault === 'dns' && !(await weCanSee(deps, { orgId, siteId, url }, signal)) ? notSeen(checked) : checked
  await deps.journal.change(orgId, detector, (change) => recordLinkCheck(change, { siteId, url, token, ...seen }))
}

const notSeen = (checked: CheckedAddress): CheckedAddress => ({ ...checked, outcome: 'unknown' })

/**
 * No name is found by a resolver that is down, or where there is no network. The site that links there has a name too: if it can be
 * found, the resolver works. A site that is known by its address proves nothing.
 */
async function weCanSee(deps: LinkDeps, { orgId, siteId }: ClaimedLink, signal: AbortSignal): Promise<boolean> {
  const site = await deps.journal.read(orgId, (sql) => getSite(sql, siteId))
  return registrableDomain(site.url) !== null && (await checkLink(site.url, deps.links, signal)).status !== null
}
