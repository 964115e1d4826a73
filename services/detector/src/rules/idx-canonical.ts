import { idxCanonical as spec } from '@tocsin/contract/rules/idx-canonical'
import type { PageObservation, RobotsObservation } from '../crawler/observation.ts'
import { isUnknown } from '../crawler/unknown.ts'
import { type CanonicalFault, type CanonicalTarget, canonicalFaults } from '../judges/canonical.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { urlIdentity } from '../judges/url-identity.ts'
import type { Probes } from '../probes/probes.ts'
import { type Evidence, type Seen, shortName } from './answer.ts'
import { googlebot, readForGooglebot, speaksFor } from './googlebot.ts'
import { severityAt } from './importance.ts'
import { answerOnPage, contentOf, evidenceOf, lookAtPages, notMeasured, redirectCount } from './page-answer.ts'
import type { LookContext, PageContext, PageRule } from './verdict.ts'

type Fault = CanonicalFault | 'root_for_all'

/** Pages that name the home page, and the share of all that makes it a fault of the site: a few duplicates of it are normal. */
const toHomeMin = 3
const toHomeShareMin = 0.5
const canonicalsNamed = 10

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
    const seen = canonicalOf(page, {
      target: (url) => {
        const target = context.known(url)
        return target ? targetOf(target, context.robots, context.now) : null
      },
      isRootForAll: namesHomeLikeAll(page, context),
    })
    if (seen.level !== 'bad') return answerOnPage(spec, page, seen, context)
    return answerOnPage(spec, page, { ...seen, severity: severityAt(seen.severity, context.importance(page.url)) }, context)
  },
  lookAgain: (finding, probes, context) =>
    lookAtPages(spec, finding, probes, context, (page) => lookAtCanonical(page, finding.evidence, probes, context)),
}

interface Known {
  /** Null when nobody looked at it. */
  readonly target: (url: string) => CanonicalTarget | null
  readonly isRootForAll: boolean
}

function canonicalOf(page: PageObservation, known: Known): Seen {
  const content = contentOf(page)
  if (content === 'unknown') return notMeasured(page)
  const named = page.canonicals[0]?.url ?? null
  const target = named === null || named === page.url ? null : known.target(named)
  const faults: Fault[] = content === 'gone' ? [] : canonicalFaults(page.url, page.canonicals, known.target)
  if (content === 'content' && known.isRootForAll) faults.unshift('root_for_all')
  const evidence = {
    ...evidenceOf(page),
    canonicals: page.canonicals.slice(0, canonicalsNamed),
    ...(page.canonicalsIgnored === 0 ? {} : { canonicalsIgnored: page.canonicalsIgnored }),
    ...(target === null ? {} : { target }),
    faults,
  }
  const [worst] = faults
  if (worst)
    return {
      level: 'bad',
      severity: worst === 'relative' ? 'low' : 'high',
      title: `${spec.title}: ${shortName(page.url)}`,
      description: `The canonical link of ${page.url} ${words[worst]}${named === null ? '' : ` (${named})`}.`,
      evidence,
    }
  const isUnseen = content === 'content' && named !== null && named !== page.url && (target === null || target.status === null)
  return { level: isUnseen ? 'unknown' : 'ok', evidence }
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

function namesHomeLikeAll(page: PageObservation, context: PageContext): boolean {
  const start = urlIdentity(context.siteUrl)
  const home = urlIdentity((start === null ? undefined : context.known(start)?.finalUrl) ?? context.siteUrl)
  const { pages, canonicalToHome } = context.crawl
  if (canonicalToHome < toHomeMin || canonicalToHome < pages * toHomeShareMin) return false
  return page.url !== home && page.canonicals.length > 0 && page.canonicals.every(({ url }) => url === home)
}

async function lookAtCanonical(page: PageObservation, before: Evidence, probes: Probes, context: LookContext): Promise<Seen> {
  const named = page.canonicals[0]?.url ?? null
  const wanted = contentOf(page) === 'content' && named !== null && named !== page.url
  const robots = wanted ? await probes.robots(named, context.signal) : null
  const seen = wanted ? await probes.page(named, context.signal) : null
  const target = seen && targetOf(seen, robots, context.now)
  const isRootForAll = namedHomeThen(before) && named !== page.url && URL.parse(named ?? '')?.pathname === '/'
  const judged = canonicalOf(page, { target: (url) => (url === named ? target : null), isRootForAll })
  // Whether the target is forbidden can only be said by a robots.txt that could be read.
  const isBlind = robots !== null && readForGooglebot(robots) === null
  return judged.level === 'ok' && isBlind ? { level: 'unknown', evidence: judged.evidence } : judged
}

/** That all pages name the home page is seen by a scan; a look sees whether these still do. */
function namedHomeThen({ faults, example }: Evidence): boolean {
  const inside = typeof example === 'object' && example !== null && 'faults' in example ? example.faults : faults
  return Array.isArray(inside) && inside.includes('root_for_all')
}
