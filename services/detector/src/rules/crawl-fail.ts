import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { crawlFail as spec } from '@tocsin/contract/rules/crawl-fail'
import { z } from 'zod'
import type { CrawlSummary } from '../crawler/observation.ts'
import { urlAddress } from '../judges/url-address.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, isWatched, type Seen, seenAs } from './answer.ts'
import { contentOf } from './page-answer.ts'
import type { Coverage } from './site-memory.ts'
import { type Finding, type LookContext, type SiteObservation, type SiteRule, type Verdict, watchKey } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['crawl.fail']

const examplesMax = 10
/** Failing pages that are asked for again; the rest are taken to be like them. */
const pagesAgain = 3

const Facts = z.object({
  /** Pages that answered. */
  reached: z.number(),
  /** As many as the crawl before, or as this one was allowed to look at. */
  expected: z.number().int(),
  /** Of the pages that it looked at, those that failed. */
  failing: z.number().int(),
  /** False: too much could not be measured for anything to follow from it. */
  complete: z.boolean(),
  acknowledged: z.boolean(),
})
type Facts = z.infer<typeof Facts>

export const crawlFail: SiteRule<'crawl.fail'> = {
  spec,
  scope: 'site',
  judge(seen, context) {
    const subject = subjectOf(context.siteUrl)
    const isWaitedFor = isWatched(spec, subject, context)
    const facts = factsOf(seen, context.memory.coverage, context.watched.get(watchKey(spec.id, subject)) === 'acknowledged')
    if (!facts) return isWaitedFor ? [answer(spec, subject, { level: 'unknown', evidence: {} }, lookAt([]))] : []
    const { failing } = seen.survey.coverage
    const unmet: string[] = []
    for (const [url, memory] of context.pages)
      if (unmet.length < examplesMax && memory.lastOkAt !== null && memory.inlinks > 0 && !seen.survey.has(url)) unmet.push(url)
    const examples = { failingPages: failing.examples.slice(0, examplesMax), unmetPages: unmet }
    const verdict = answer(
      spec,
      subject,
      judged(subject, facts, examples, context.config['crawl.fail']),
      lookAt(failing.examples),
    )
    return verdict.level === 'bad' || isWaitedFor ? [verdict] : []
  },
  lookAgain,
  replay: (evidence, { config }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['crawl.fail'])),
}

const subjectOf = (siteUrl: string): string => URL.parse(siteUrl)?.host ?? siteUrl

const lookAt = (failing: readonly string[]) => ({ kind: 'page', urls: failing.slice(0, pagesAgain) }) as const

/** Null: there is nothing to compare with. */
function factsOf({ summary, survey }: SiteObservation, before: Coverage | null, acknowledged: boolean): Facts | null {
  if (before === null) return null
  const { reached, failing } = survey.coverage
  // Who may look at fewer pages than before reaches fewer; those must answer.
  const expected = summary.stopped === 'budget' ? Math.min(before.reached, summary.pages) : before.reached
  return { reached, expected, failing: failing.count, complete: isComplete(summary), acknowledged }
}

const isComplete = ({ complete, stopped }: CrawlSummary): boolean => complete && (stopped === 'done' || stopped === 'budget')

function weigh({ reached, expected, complete, acknowledged }: Facts, config: Config): Weighed {
  if (!complete) return unknown
  // Somebody has seen the loss: it is the state of things from now on.
  if (acknowledged || expected < config.pagesMin) return ok
  if (reached < expected * config.coverageMin) return bad('high')
  return reached >= expected * config.resolvedFrom ? ok : unknown
}

/** What the next crawl is compared with: this one, unless it lost so much that somebody is to be told, or waits for its return. */
export function coverageToKeep(
  before: Coverage | null,
  seen: SiteObservation,
  context: { siteUrl: string; watched: ReadonlyMap<string, string>; config: RuleConfigs; now: Date },
): Coverage | null {
  if (!isComplete(seen.summary)) return before
  const now = { reached: seen.survey.coverage.reached, at: context.now.toISOString() }
  const watch = context.watched.get(watchKey(spec.id, subjectOf(context.siteUrl)))
  const facts = factsOf(seen, before, watch === 'acknowledged')
  if (!facts) return now
  const { level } = weigh(facts, context.config['crawl.fail'])
  return level === 'bad' || (level === 'unknown' && watch !== undefined) ? before : now
}

function judged(
  subject: string,
  facts: Facts,
  examples: { failingPages: readonly string[]; unmetPages: readonly string[] },
  config: Config,
): Seen {
  return seenAs(weigh(facts, config), { ...facts, ...examples }, () => {
    const { reached, expected, failing } = facts
    const lost = Math.max(0, expected - Math.round(reached))
    const why = failing > 0 ? `${failing} answered with an error or not at all` : 'nothing links to them any more'
    return {
      title: `${spec.title}: ${subject}`,
      description: `The crawl reached ${Math.round(reached)} of ${expected} pages, ${lost} fewer than before: ${why}.`,
    }
  })
}

/** A look cannot crawl: it sees whether the site answers, and whether pages that failed still do. Links that are gone, only a crawl sees. */
async function lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const config = context.config['crawl.fail']
  const home = await probes.page(urlAddress(context.siteUrl) ?? context.siteUrl, context.signal)
  const told = Facts.safeParse(finding.evidence).data
  if (!told || home.fault !== null || home.status === null)
    return answer(spec, finding.subject, { level: 'unknown', evidence: { home: home.status, fault: home.fault } }, finding.look)
  // A later crawl has reached them: the site still answers, and that is all a look can add.
  if (finding.okSince !== null)
    return answer(spec, finding.subject, { level: 'ok', evidence: { home: home.status } }, finding.look)
  let asked = 0
  let answering = 0
  let unclear = 0
  for (const url of finding.look.urls) {
    if (context.signal.aborted) break
    const page = await probes.page(url, context.signal)
    asked += 1
    if (contentOf(page) === 'content') answering += 1
    else if (page.status === null && page.fault !== 'timeout' && page.fault !== 'refused') unclear += 1
  }
  const back = asked === 0 ? 0 : (told.failing * answering) / asked
  const facts = { ...told, reached: told.reached + back, complete: unclear === 0 && asked === finding.look.urls.length }
  const { failingPages, unmetPages } = finding.evidence
  const texts = (value: unknown) => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [])
  const examples = { failingPages: texts(failingPages), unmetPages: texts(unmetPages) }
  return answer(spec, finding.subject, judged(finding.subject, facts, examples, config), finding.look)
}
