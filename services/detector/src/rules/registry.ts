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
import type { Registry } from './verdict.ts'

export const registry = {
  'cwv.band': cwvBand,
  'cwv.crux_regress': cwvCruxRegress,
  'cwv.rum_regress': cwvRumRegress,
  'cwv.lab': cwvLab,
  'http.5xx': http5xx,
  'http.404_new': http404New,
  'link.broken': linkBroken,
  'redirect.loop': redirectLoop,
  'redirect.chain': redirectChain,
  'tls.expiry': tlsExpiry,
  'tls.invalid': tlsInvalid,
  'idx.noindex': idxNoindex,
  'idx.noindex_js': idxNoindexJs,
  'idx.robots_block': idxRobotsBlock,
  'idx.robots_unreachable': idxRobotsUnreachable,
  'idx.robots_changed': idxRobotsChanged,
  'idx.canonical': idxCanonical,
  soft404,
  'crawl.fail': crawlFail,
  'idx.conflict': idxConflict,
  'idx.hreflang': idxHreflang,
  'idx.sitemap': idxSitemap,
  'idx.canonical_google': idxCanonicalGoogle,
  'idx.dropped': idxDropped,
  'rank.gsc': rankGsc,
  'rank.early': rankEarly,
  'spam.gsc': spamGsc,
  'domain.expiry': domainExpiry,
  'mal.blocklisted': malBlocklisted,
  'script.injected': scriptInjected,
  'script.newhost': scriptNewhost,
  'spam.hidden': spamHidden,
  'spam.cloak': spamCloak,
  'link.external': linkExternal,
  'hdr.regress': hdrRegress,
  mixed,
  'lib.vuln': libVuln,
  'ct.unexpected': ctUnexpected,
  'rank.drop': rankDrop,
  'rank.lost': rankLost,
  'rank.page1_exit': rankPage1Exit,
  'rank.sitewide': rankSitewide,
  'comp.overtake': compOvertake,
  'comp.surge': compSurge,
  'comp.links': compLinks,
  'comp.newpage': compNewpage,
} satisfies Registry
