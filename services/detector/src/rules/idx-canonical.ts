import { idxCanonical as spec } from '@tocsin/contract/rules/idx-canonical'
import { z } from 'zod'
import type { PageObservation, RobotsObservation } from '../crawler/observation.ts'
import { isUnknown } from '../crawler/unknown.ts'
import { type CanonicalFault, type CanonicalTarget, canonicalFaults } from '../judges/canonical.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { urlAddress } from '../judges/url-address.ts'
import type { Probes } from '../probes/probes.ts'
import { type Seen, seenAs, shortName } from './answer.ts'
import { googlebot, readForGooglebot, speaksFor } from './googlebot.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages, redirectCount, type Told } from './page-answer.ts'
import { answeredOf, Importance, PageFacts } from './page-facts.ts'
import { replayPages } from './template-facts.ts'
import type { LookContext, PageContext, PageRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Fault = CanonicalFault | 'root_for_all'

/** Different ones: what a page repeats makes no further fault. */
const canonicalsNamed = 5
/** Enough to see whether it is relative. */
const hrefLengthMax = 200
/** Enough to tell two addresses apart. */
const urlLengthMax = 2_048

const Target = z.object({
  status: z.number().int().nullable(),
  redirects: z.boolean(),
  noindex: z.boolean(),
  blocked: z.boolean(),
  canonical: z.string().nullable(),
})
const Facts = PageFacts.extend({
  canonicals: z.array(z.object({ source: z.enum(['html', 'header']), href: z.string(), url: z.string().nullable() })),
  /** The page that is named, as far as somebody looked at it. */
  target: Target.nullable(),
  namesHomeLikeAll: z.boolean(),
  importance: Importance,
})
type Facts = z.infer<typeof Facts>

const words = {
  root_for_all: 'names the home page, as most pages of the site do',
  target_error: 'leads to a page that answers with an error',
  target_redirects: 'leads to an address that redirects',
  target_noindex: 'leads to a page that is kept out of search results',
  target_blocked: 'leads to a page that robots.txt forbids',
  loop: 'leads to a page that names this one in turn',
  chain: 'leads to a page that names a third one',
  invalid: 'is no valid address',
  several: 'is there several times and disagrees with itself',
  header_differs: 'says something else in the HTML than in the Link header',
  relative: 'is a relative address, which is easily mistaken',
} as const satisfies Record<Fault, string>

export const idxCanonical: PageRule<'idx.canonical'> = {
  spec,
  scope: 'page',
  judge(page, _before, context) {
    const named = page.canonicals[0]?.url ?? null
    const target = named === null || named === page.url ? undefined : context.known(named)
    const seen = canonicalOf(page, {
      target: target ? targetOf(target, context.robots, context.now) : null,
      namesHomeLikeAll: namesHomeLikeAll(page, context),
      importance: context.importance(page.url),
    })
    return answerOnPage(spec, page, seen, context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(idxCanonical, finding, probes, context, (page, told) => lookAtCanonical(page, told, probes, context)),
  replay: replayPages('idx.canonical', (evidence) => reweigh(Facts, evidence, (facts) => weigh(facts))),
}

/** Worst first. */
function faultsOf(facts: Facts): Fault[] {
  if (contentOf(answeredOf(facts)) !== 'content') return []
  const faults = canonicalFaults(facts.url, facts.canonicals, () => facts.target)
  return facts.namesHomeLikeAll ? ['root_for_all', ...faults] : faults
}

function weigh(facts: Facts, faults: readonly Fault[] = faultsOf(facts)): Weighed {
  const content = contentOf(answeredOf(facts))
  if (content === 'unknown') return unknown
  const [worst] = faults
  if (worst) return bad(severityAt(worst === 'relative' ? 'low' : 'high', facts.importance))
  const named = facts.canonicals[0]?.url ?? null
  const isUnseen = content === 'content' && named !== null && named !== facts.url && (facts.target?.status ?? null) === null
  return isUnseen ? unknown : ok
}

function canonicalOf(page: PageObservation, known: Pick<Facts, 'target' | 'namesHomeLikeAll' | 'importance'>): Seen {
  const written = page.canonicals.map(({ source, href, url }) => ({
    source,
    href: href.slice(0, hrefLengthMax),
    url: url?.slice(0, urlLengthMax) ?? null,
  }))
  const different = new Map(written.map((each) => [JSON.stringify(each), each]))
  const canonicals = [...different.values()].slice(0, canonicalsNamed)
  const facts: Facts = { ...evidenceOf(page), canonicals, ...known }
  const faults = faultsOf(facts)
  const { canonicalsIgnored } = page
  return seenAs(weigh(facts, faults), { ...facts, faults, ...(canonicalsIgnored === 0 ? {} : { canonicalsIgnored }) }, () => {
    const named = facts.canonicals[0]?.url ?? null
    return {
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `The canonical link of ${page.url} ${words[faults[0] ?? 'invalid']}${named === null ? '' : ` (${named})`}.`,
    }
  })
}

function targetOf(page: PageObservation, robots: RobotsObservation | null, now: Date): CanonicalTarget {
  const [only, ...others] = new Set(page.canonicals.map((each) => each.url))
  const match = robots && speaksFor(robots, page.url) ? readForGooglebot(robots)?.match : undefined
  return {
    // What a wall or a limit answers is not the page's own status.
    status: isUnknown(page) ? null : page.status,
    redirects: redirectCount(page) > 0,
    noindex: noindexReasons(page.directives, googlebot, now).length > 0,
    blocked: match !== undefined && !match(page.url).allowed,
    canonical: others.length === 0 ? (only ?? null) : null,
  }
}

/** Most pages naming the home page is a fault of the site; a few duplicates of it are normal. */
function namesHomeLikeAll(page: PageObservation, context: PageContext): boolean {
  const { rootPagesMin, rootShareMin } = context.config['idx.canonical']
  const start = urlAddress(context.siteUrl)
  const home = urlAddress((start === null ? undefined : context.known(start)?.finalUrl) ?? context.siteUrl)
  const { pages, canonicalToHome } = context.crawl
  if (canonicalToHome < rootPagesMin || canonicalToHome < pages * rootShareMin) return false
  return page.url !== home && page.canonicals.length > 0 && page.canonicals.every(({ url }) => url === home)
}

async function lookAtCanonical(page: PageObservation, told: Told, probes: Probes, context: LookContext): Promise<Seen> {
  const { importance, evidence: before } = told
  const named = page.canonicals[0]?.url ?? null
  const wanted = contentOf(page) === 'content' && named !== null && named !== page.url
  const robots = wanted ? await probes.robots(named, context.signal) : null
  const seen = wanted ? await probes.page(named, context.signal) : null
  const target = seen && targetOf(seen, robots, context.now)
  // That all pages name the home page is seen by a scan; a look sees whether this one still does.
  const namesHome = before['namesHomeLikeAll'] === true && named !== page.url && URL.parse(named ?? '')?.pathname === '/'
  const judged = canonicalOf(page, { target, namesHomeLikeAll: namesHome, importance })
  // Whether the target is forbidden can only be said by a robots.txt that could be read.
  const isBlind = robots !== null && readForGooglebot(robots) === null
  return judged.level === 'ok' && isBlind ? { level: 'unknown', evidence: judged.evidence } : judged
}
