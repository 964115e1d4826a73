import type { ThreatId } from '@tocsin/contract/ids'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { Evidence } from './evidence.ts'

const lostInSearch = ['rank.drop', 'rank.lost', 'rank.page1_exit', 'rank.gsc', 'rank.early', 'rank.sitewide'] as const
const unreachable = ['http.5xx', 'crawl.fail', 'link.broken', 'idx.sitemap', 'idx.dropped', ...lostInSearch] as const
const unlisted = [
  'idx.dropped',
  'idx.canonical_google',
  'idx.sitemap',
  'idx.canonical',
  'idx.hreflang',
  'idx.conflict',
  ...lostInSearch,
] as const
const gone = ['link.broken', 'soft404', 'idx.sitemap', 'idx.canonical', 'idx.hreflang', 'idx.dropped', ...lostInSearch] as const

/** What else goes wrong when this does. */
const effectsOf: Partial<Record<RuleId, readonly RuleId[]>> = {
  'domain.expiry': ['tls.invalid', ...unreachable],
  'tls.invalid': unreachable,
  'tls.expiry': ['tls.invalid'],
  'crawl.fail': lostInSearch,
  'http.5xx': [...gone, 'crawl.fail'],
  'http.404_new': gone,
  'redirect.loop': gone,
  soft404: ['idx.dropped', ...lostInSearch],
  'idx.noindex': unlisted,
  'idx.noindex_js': unlisted,
  'idx.robots_block': unlisted,
  'idx.robots_changed': ['idx.robots_block'],
  'idx.robots_unreachable': ['crawl.fail', 'idx.dropped', ...lostInSearch],
  'idx.canonical': ['idx.canonical_google', 'idx.dropped', ...lostInSearch],
  'idx.dropped': lostInSearch,
  'script.newhost': ['script.injected'],
  'script.injected': ['mal.blocklisted', 'spam.cloak', 'cwv.band', 'cwv.rum_regress', 'hdr.regress'],
  'spam.hidden': ['mal.blocklisted', 'spam.gsc', ...lostInSearch],
  'spam.cloak': ['mal.blocklisted', 'spam.gsc', ...lostInSearch],
  'mal.blocklisted': lostInSearch,
  'comp.surge': ['comp.overtake'],
}

/** These concern a host as a whole, whatever their subject is. */
const ofTheWholeHost: ReadonlySet<string> = new Set<RuleId>([
  'domain.expiry',
  'tls.invalid',
  'tls.expiry',
  'crawl.fail',
  'idx.robots_unreachable',
  'mal.blocklisted',
  'comp.surge',
])

/** A threat as far as it matters here. */
export interface Linkable {
  readonly rule: string
  readonly subject: string
  readonly evidence: Evidence
}

export interface OpenThreat extends Linkable {
  readonly id: ThreatId
}

/** The open threat that explains this one: on the same page or template, or on the whole host. The oldest, if there are several. */
export function causeOf(effect: Linkable, open: readonly OpenThreat[]): ThreatId | null {
  const pages = pagesOf(effect)
  return open.find((cause) => explains(cause, effect.rule) && isSamePlace(cause, effect, pages))?.id ?? null
}

/** Causes before their effects, so that what opens at the same time is linked whatever order it comes in. */
export const causesFirst = (a: Pick<Linkable, 'rule'>, b: Pick<Linkable, 'rule'>): number => depthOf(a.rule) - depthOf(b.rule)

const depths = new Map<string, number>()
/** How many causes may stand behind one another before a rule. Nothing explains itself, so this ends. */
function depthOf(rule: string): number {
  const known = depths.get(rule)
  if (known !== undefined) return known
  const causes = Object.keys(effectsOf).filter((cause) => explains({ rule: cause }, rule))
  const depth = Math.max(0, ...causes.map((cause) => 1 + depthOf(cause)))
  depths.set(rule, depth)
  return depth
}

const explains = (cause: Pick<Linkable, 'rule'>, rule: string): boolean => {
  const table: Readonly<Record<string, readonly string[] | undefined>> = effectsOf
  return table[cause.rule]?.includes(rule) ?? false
}

function isSamePlace(cause: Linkable, effect: Linkable, pages: ReadonlySet<string>): boolean {
  if (ofTheWholeHost.has(cause.rule) || cause.subject === effect.subject) return true
  for (const page of pagesOf(cause)) if (pages.has(page)) return true
  return false
}

/** The pages a threat names: its subject, and those of its evidence. */
function pagesOf({ subject, evidence }: Linkable): Set<string> {
  const named = [subject, evidence['url'], evidence['page'], evidence['template'], evidence['home']]
  const listed = [evidence['pages'], evidence['urls'], evidence['sources']].flatMap((list) => (Array.isArray(list) ? list : []))
  return new Set([...named, ...listed].filter((each): each is string => typeof each === 'string' && each !== ''))
}
