import type { z } from 'zod'
import { compLinks } from './comp-links.ts'
import { compNewpage } from './comp-newpage.ts'
import { compOvertake } from './comp-overtake.ts'
import { compSurge } from './comp-surge.ts'
import { crawlFail } from './crawl-fail.ts'
import { ctUnexpected } from './ct-unexpected.ts'
import { cwvBand } from './cwv-band.ts'
import { cwvCruxRegress } from './cwv-crux-regress.ts'
import { cwvLab } from './cwv-lab.ts'
import { cwvRumRegress } from './cwv-rum-regress.ts'
import { domainExpiry } from './domain-expiry.ts'
import { hdrRegress } from './hdr-regress.ts'
import { http5xx } from './http-5xx.ts'
import { http404New } from './http-404-new.ts'
import { idxCanonical } from './idx-canonical.ts'
import { idxCanonicalGoogle } from './idx-canonical-google.ts'
import { idxConflict } from './idx-conflict.ts'
import { idxDropped } from './idx-dropped.ts'
import { idxHreflang } from './idx-hreflang.ts'
import { idxNoindex } from './idx-noindex.ts'
import { idxNoindexJs } from './idx-noindex-js.ts'
import { idxRobotsBlock } from './idx-robots-block.ts'
import { idxRobotsChanged } from './idx-robots-changed.ts'
import { idxRobotsUnreachable } from './idx-robots-unreachable.ts'
import { idxSitemap } from './idx-sitemap.ts'
import { libVuln } from './lib-vuln.ts'
import { linkBroken } from './link-broken.ts'
import { linkExternal } from './link-external.ts'
import { malBlocklisted } from './mal-blocklisted.ts'
import { mixed } from './mixed.ts'
import { rankDrop } from './rank-drop.ts'
import { rankEarly } from './rank-early.ts'
import { rankGsc } from './rank-gsc.ts'
import { rankLost } from './rank-lost.ts'
import { rankPage1Exit } from './rank-page1-exit.ts'
import { rankSitewide } from './rank-sitewide.ts'
import { redirectChain } from './redirect-chain.ts'
import { redirectLoop } from './redirect-loop.ts'
import { scriptInjected } from './script-injected.ts'
import { scriptNewhost } from './script-newhost.ts'
import { soft404 } from './soft404.ts'
import { spamCloak } from './spam-cloak.ts'
import { spamGsc } from './spam-gsc.ts'
import { spamHidden } from './spam-hidden.ts'
import { tlsExpiry } from './tls-expiry.ts'
import { tlsInvalid } from './tls-invalid.ts'

/** Every rule, in the order of the documentation. */
export const rules = [
  cwvBand,
  cwvCruxRegress,
  cwvRumRegress,
  cwvLab,
  http5xx,
  http404New,
  linkBroken,
  linkExternal,
  redirectLoop,
  redirectChain,
  tlsExpiry,
  tlsInvalid,
  soft404,
  crawlFail,
  domainExpiry,
  idxNoindex,
  idxNoindexJs,
  idxRobotsBlock,
  idxRobotsUnreachable,
  idxRobotsChanged,
  idxCanonical,
  idxConflict,
  idxHreflang,
  idxSitemap,
  idxCanonicalGoogle,
  idxDropped,
  rankGsc,
  rankEarly,
  spamGsc,
  malBlocklisted,
  scriptInjected,
  scriptNewhost,
  spamHidden,
  spamCloak,
  hdrRegress,
  mixed,
  libVuln,
  ctUnexpected,
  rankDrop,
  rankLost,
  rankPage1Exit,
  rankSitewide,
  compOvertake,
  compSurge,
  compLinks,
  compNewpage,
] as const

export type RuleId = (typeof rules)[number]['id']

/** The thresholds of every rule, as they hold for a site. */
export type RuleConfigs = { readonly [Rule in (typeof rules)[number] as Rule['id']]: z.infer<Rule['config']> }

const byId = new Map<string, (typeof rules)[number]>(rules.map((rule) => [rule.id, rule]))
export const ruleSpec = (id: string): (typeof rules)[number] | undefined => byId.get(id)

/** Every threshold as it is where nobody has set another. */
export const defaultConfigs: RuleConfigs = Object.fromEntries(
  rules.map((rule) => [rule.id, rule.config.parse({})]),
) as unknown as RuleConfigs // Every rule of the list has been parsed by its own schema.
