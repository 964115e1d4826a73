import { idxConflict as spec } from '@tocsin/contract/rules/idx-conflict'
import { z } from 'zod'
import type { RobotsObservation } from '../crawler/observation.ts'
import { parseRobots, robotsMatcher } from '../judges/robots.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { templateOf } from '../judges/url-template.ts'
import type { Probes } from '../probes/probes.ts'
import { answer, type Seen, seenAs, watchedSubjects } from './answer.ts'
import { googlebot, type ReadRobots, readForGooglebot, speaksFor } from './googlebot.ts'
import { contentOf } from './page-answer.ts'
import type { Finding, LookContext, LookTarget, SiteRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const pagesNamed = 20
const lineLengthMax = 500
/** Pages that are looked at again. */
const pagesAgain = 2
const ourToken = 'TocsinBot'

const Conflict = z.object({
  url: z.string(),
  /** Of robots.txt: the line that forbids the page. Null: it may be visited. */
  line: z.string().nullable(),
  /** Null: nobody could see. */
  noindex: z.boolean().nullable(),
})
type Conflict = z.infer<typeof Conflict>
const Facts = z.object({ pages: z.array(Conflict), pagesInConflict: z.number().int() })
type Facts = z.infer<typeof Facts>

export const idxConflict: SiteRule<'idx.conflict'> = {
  spec,
  scope: 'site',
  judge({ survey, summary: { robots } }, context) {
    const waiting = watchedSubjects(spec, context)
    const known = readForGooglebot(robots)
    if (!known) return waiting.map((template) => answer(spec, template, notReadable(robots), lookAt([])))
    const noindexed = new Set(survey.noindexed)
    // What robots.txt forbids us as well was not seen this time; it said noindex when it was seen last.
    for (const [url, memory] of context.pages) if (memory.noindex && !survey.has(url)) noindexed.add(url)
    const doubtful = [...context.pages].flatMap(([url, memory]) => (memory.noindex && survey.unclear.has(url) ? [url] : []))
    const blocked = [...noindexed, ...doubtful].filter((url) => isBlocked(robots, known, url))
    const byTemplate = Map.groupBy(blocked, templateOf)
    const verdicts = [...byTemplate].map(([template, urls]) => {
      const pages = urls
        .slice(0, pagesNamed)
        .map((url) => ({ url, line: lineFor(known, url), noindex: noindexed.has(url) || null }))
      return answer(spec, template, judged(template, { pages, pagesInConflict: urls.length }), lookAt(urls))
    })
    const over = waiting.filter((template) => !byTemplate.has(template))
    return [...verdicts, ...over.map((template) => answer(spec, template, judged(template, none), lookAt([])))]
  },
  lookAgain,
  replay: (evidence) => reweigh(Facts, evidence, weigh),
}

const none: Facts = { pages: [], pagesInConflict: 0 }

const lookAt = (urls: readonly string[]): LookTarget => ({ kind: 'page', urls: urls.slice(0, pagesAgain) })

const notReadable = ({ url, availability, status }: RobotsObservation): Seen => ({
  level: 'unknown',
  evidence: { url, availability, status },
})

const isBlocked = (robots: RobotsObservation, known: ReadRobots, url: string): boolean =>
  speaksFor(robots, url) && !known.match(url).allowed

function lineFor({ robots, match }: ReadRobots, url: string): string | null {
  const { line, allowed } = match(url)
  return allowed || line === null ? null : robots.lineText(line).slice(0, lineLengthMax)
}

async function lookAgain(finding: Finding, probes: Probes, context: LookContext): Promise<Verdict> {
  const [first] = finding.look.urls
  const robots = await probes.robots(first ?? context.siteUrl, context.signal)
  const known = readForGooglebot(robots)
  if (!known) return answer(spec, finding.subject, notReadable(robots), finding.look)
  const ours = robotsMatcher(parseRobots(robots.text), ourToken)
  const pages: Conflict[] = []
  for (const url of finding.look.urls) {
    if (context.signal.aborted) break
    const noindex = ours.match(url).allowed ? await saysNoindex(probes, url, context) : (context.pages.get(url)?.noindex ?? null)
    pages.push({ url, line: lineFor(known, url), noindex })
  }
  const { pagesInConflict } = Facts.safeParse(finding.evidence).data ?? { pagesInConflict: pages.length }
  return answer(spec, finding.subject, judged(finding.subject, { pages, pagesInConflict }), finding.look)
}

/** Null: nobody could see. */
async function saysNoindex(probes: Probes, url: string, { signal, now }: LookContext): Promise<boolean | null> {
  const page = await probes.page(url, signal)
  const content = contentOf(page)
  if (content === 'unknown') return null
  return content === 'content' && noindexReasons(page.directives, googlebot, now).length > 0
}

function weigh({ pages }: Facts): Weighed {
  if (pages.some(({ line, noindex }) => line !== null && noindex === true)) return bad('medium')
  return pages.some(({ line, noindex }) => line !== null && noindex === null) ? unknown : ok
}

function judged(template: string, facts: Facts): Seen {
  return seenAs(weigh(facts), { of: template, ...facts }, () => {
    const [example] = facts.pages
    const count = `${facts.pagesInConflict} ${facts.pagesInConflict === 1 ? 'page' : 'pages'} like ${template}`
    return {
      title: spec.title,
      description: `${count} say noindex, but robots.txt keeps search engines from seeing it ("${example?.line ?? ''}"). For example: ${example?.url ?? ''}.`,
    }
  })
}
