import type { Severity } from '@tocsin/contract/rule'
import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { idxSitemap as spec } from '@tocsin/contract/rules/idx-sitemap'
import { z } from 'zod'
import type { SitemapObservation } from '../crawler/observation.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Seen, seenAs, shortName, watchedSubjects } from './answer.ts'
import { readForGooglebot, speaksFor } from './googlebot.ts'
import { misplacementOf } from './site-survey.ts'
import type { Finding, LookContext, LookTarget, SiteObservation, SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

type Config = RuleConfigs['idx.sitemap']

const reasons = ['status', 'unparseable', 'too_large', 'too_many', 'gone', 'redirects', 'noindex', 'blocked'] as const
type Reason = (typeof reasons)[number]

const pagesNamed = 20
/** Pages that are asked for again. */
const pagesAgain = 3

const Facts = z.object({
  reason: z.enum(reasons),
  status: z.number().int().nullable(),
  problem: z.enum(['unparseable', 'too_many', 'too_large']).nullable(),
  entries: z.number().int(),
  bytes: z.number().int(),
  /** Pages it lists to which the reason applies; none for reasons that concern the sitemap itself. */
  pagesTotal: z.number().int(),
})
type Facts = z.infer<typeof Facts>

type Sitemap = Omit<SitemapObservation, 'named' | 'blocked'>

export const idxSitemap: SiteRule<'idx.sitemap'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const config = context.config['idx.sitemap']
    const waiting = new Set(watchedSubjects(spec, context))
    // A site of which nothing answers has another fault than its sitemap, and others tell of it.
    const { reached, failing } = seen.survey.coverage
    const isDown = reached === 0 && failing.count > 0
    const verdicts: Verdict[] = []
    for (const [n, sitemap] of seen.summary.sitemaps.entries()) {
      if (sitemap.named === 'guess' && !isThere(sitemap)) continue
      for (const reason of reasons) {
        const subject = `${sitemap.url}:${reason}`
        const verdict = answer(
          spec,
          subject,
          reasonOf(sitemap, reason, pagesOf(seen, n, reason), config, isDown),
          lookAt(seen, n, reason),
        )
        const isAnswer = verdict.level !== 'ok' || isWhole(seen, reason)
        if (verdict.level === 'bad' || (waiting.has(subject) && isAnswer)) verdicts.push(verdict)
      }
    }
    return [...verdicts, ...withoutSitemap(seen, waiting, verdicts)]
  },
  lookAgain,
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['idx.sitemap'])),
}

/** Nobody has said that there is one: only what turns out to be one is judged. */
const isThere = ({ status, problem, entries }: Sitemap): boolean => status === 200 && (problem !== 'unparseable' || entries > 0)

const isOfPages = (reason: Reason): boolean => ['gone', 'redirects', 'noindex', 'blocked'].includes(reason)

/** That no page of a sitemap is at fault is known only when all were looked at. */
const isWhole = ({ summary }: SiteObservation, reason: Reason): boolean =>
  !isOfPages(reason) || reason === 'blocked' || (summary.complete && summary.stopped === 'done' && summary.unknownPages === 0)

interface Listed {
  readonly count: number
  readonly examples: readonly string[]
}
const none: Listed = { count: 0, examples: [] }

function pagesOf({ summary, survey }: SiteObservation, sitemap: number, reason: Reason): Listed {
  if (!isOfPages(reason)) return none
  if (reason === 'blocked') return summary.sitemaps[sitemap]?.blocked ?? none
  const pages = survey.misplaced.filter((page) => page.reason === reason && summary.sitemapOf.get(page.url) === sitemap)
  return { count: pages.length, examples: pages.slice(0, pagesNamed).map(({ url }) => url) }
}

function lookAt(seen: SiteObservation, sitemap: number, reason: Reason): LookTarget {
  const { url = '' } = seen.summary.sitemaps[sitemap] ?? {}
  return { kind: 'target', urls: [url, ...pagesOf(seen, sitemap, reason).examples.slice(0, pagesAgain)] }
}

/** A sitemap for which somebody waits and that is no longer named: nobody reads it any more. */
function withoutSitemap(seen: SiteObservation, waiting: ReadonlySet<string>, verdicts: readonly Verdict[]): Verdict[] {
  const { summary } = seen
  if (!summary.complete) return []
  const told = new Set(verdicts.map(({ subject }) => subject))
  const met = new Set(summary.sitemaps.filter((each) => each.named !== 'guess' || isThere(each)).map(({ url }) => url))
  return [...waiting]
    .filter((subject) => !told.has(subject) && !met.has(sitemapIn(subject)))
    .map((subject) =>
      answer(spec, subject, { level: 'ok', evidence: { named: false } }, { kind: 'target', urls: [sitemapIn(subject)] }),
    )
}

const sitemapIn = (subject: string): string => subject.slice(0, subject.lastIndexOf(':'))
const reasonIn = (subject: string): Reason | undefined =>
  reasons.find((reason) => reason === subject.slice(subject.lastIndexOf(':') + 1))

const bytesPerMegabyte = 1024 * 1024

function weigh({ reason, status, problem, entries, bytes, pagesTotal }: Facts, config: Config): Weighed {
  const isBad = {
    status: status !== 200,
    unparseable: status === 200 && problem === 'unparseable',
    too_large: problem === 'too_large' || bytes > config.megabytesMax * bytesPerMegabyte,
    too_many: problem === 'too_many' || entries > config.urlsMax,
    gone: pagesTotal > 0,
    redirects: pagesTotal > 0,
    noindex: pagesTotal > 0,
    blocked: pagesTotal > 0,
  }[reason]
  const severity: Severity = isOfPages(reason) ? 'medium' : 'high'
  return isBad ? bad(severity) : ok
}

const words = {
  status: 'does not answer 200',
  unparseable: 'cannot be read: it is neither XML nor a list of addresses, or breaks off',
  too_large: 'is larger than search engines read',
  too_many: 'lists more addresses than search engines read',
  gone: 'pages that no longer exist',
  redirects: 'addresses that redirect',
  noindex: 'pages that say noindex',
  blocked: 'pages that robots.txt closes to search engines',
} as const satisfies Record<Reason, string>

function reasonOf(sitemap: Sitemap, reason: Reason, pages: Listed, config: Config, isDown = false): Seen {
  const { url, status, fault, problem, entries, bytes } = sitemap
  const facts = { reason, status, problem, entries, bytes, pagesTotal: pages.count }
  const evidence = { sitemap: url, fault, ...facts, pages: pages.examples }
  // A wall, a limit, a silence: nobody knows what it says.
  if (fault !== null || status === null || (isDown && status >= 500)) return { level: 'unknown', evidence }
  return seenAs(weigh(facts, config), evidence, () => {
    const [example] = pages.examples
    return {
      title: `${spec.title}: ${shortName(url)}`,
      description: isOfPages(reason)
        ? `${url} lists ${words[reason]}: ${pages.count}${example === undefined ? '' : `, for example ${example}`}.`
        : `${url} ${words[reason]}${reason === 'status' ? ` but ${status}` : ''}.`,
    }
  })
}

async function lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const [url, ...urls] = finding.look.urls
  const reason = reasonIn(finding.subject)
  const unseen: Seen = { level: 'unknown', evidence: { error: 'Nobody looked.' } }
  if (url === undefined || reason === undefined) return answer(spec, finding.subject, unseen, finding.look)
  const { seen, urls: listed } = await probes.sitemap(url, context.signal)
  const judge = (pages: Listed) =>
    answer(spec, finding.subject, reasonOf(seen, reason, pages, context.config['idx.sitemap']), finding.look)
  if (!isOfPages(reason)) return judge(none)
  if (seen.status !== 200 || seen.problem === 'unparseable') return answer(spec, finding.subject, unseen, finding.look)
  const still: string[] = []
  for (const page of urls) {
    const isMisplaced = listed.has(page) ? await isStillMisplaced(page, reason, probes, context) : false
    if (isMisplaced === null) return answer(spec, finding.subject, unseen, finding.look)
    if (isMisplaced) still.push(page)
  }
  // A look sees a few of them; how many there are, the scan has counted.
  const told = Facts.safeParse(finding.evidence).data?.pagesTotal ?? still.length
  return judge({ count: still.length === 0 ? 0 : told, examples: still })
}

/** Null: nobody could see. */
async function isStillMisplaced(url: string, reason: Reason, probes: Probes, context: LookContext): Promise<boolean | null> {
  if (reason === 'blocked') {
    const robots = await probes.robots(url, context.signal)
    const known = readForGooglebot(robots)
    return known && speaksFor(robots, url) && !known.match(url).allowed
  }
  const page = await probes.page(url, context.signal)
  const misplacement = misplacementOf(page, context.now)
  return misplacement === 'unknown' ? null : misplacement === reason
}
