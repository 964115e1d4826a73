import { idxNoindexJs as spec } from '@tocsin/contract/rules/idx-noindex-js'
import { renderedPages } from '@tocsin/domain/browser/visits.read'
import { z } from 'zod'
import { RenderedFacts, type Told } from '../browser/page-facts.ts'
import { noindexReasons } from '../judges/robots-directives.ts'
import { urlAddress } from '../judges/url-address.ts'
import { answer, isWatched, type Seen, shortName, watchedSubjects } from './answer.ts'
import { raisedAt } from './importance.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

const look = { kind: 'data', urls: [] } as const
/** A visit that is older says nothing about now. */
const freshMs = 3 * 86_400_000
type Config = DataContext['config']['idx.noindex_js']

const Facts = RenderedFacts.extend({ url: z.string(), importance: z.number() })
type Facts = z.infer<typeof Facts>

export const idxNoindexJs: DataRule<'idx.noindex_js'> = {
  spec,
  scope: 'data',
  async assess(sql, context) {
    const { site, now } = context
    const pages = await renderedPages(sql, site.id)
    const verdicts = pages
      .filter(({ at }) => now.getTime() - at.getTime() <= freshMs)
      .flatMap(({ url, importance, seen }) => {
        const facts = Facts.safeParse({ ...(typeof seen === 'object' ? seen : null), url, importance })
        return facts.success ? judge(facts.data, context) : []
      })
    const judged = new Set(verdicts.map(({ subject }) => subject))
    const silent = watchedSubjects(spec, context).filter((subject) => !judged.has(subject))
    return [...verdicts, ...silent.map((subject) => conclusive(subject, { level: 'unknown', evidence: {} }))]
  },
  replay: (evidence, { config, now }) => reweigh(Facts, evidence, (facts) => weigh(facts, config[spec.id], now)),
}

const conclusive = (subject: string, seen: Seen): Verdict => ({ ...answer(spec, subject, seen, look), conclusive: true })

const isNoindex = ({ robots }: Told, now: Date): boolean =>
  noindexReasons(
    robots.map((value) => ({ source: 'meta', agent: 'googlebot', value })),
    'googlebot',
    now,
  ).length > 0

/** A canonical that leads to another page; none, or one that leads here, does not. */
const leadsElsewhere = ({ canonical }: Told, url: string): boolean => canonical !== null && urlAddress(canonical) !== url

type Change = 'noindex' | 'canonical'

/** What scripts have made of it that its HTML is not, in most of the loads and at least in two. */
function changes(facts: Facts, now: Date): { change: Change; loads: number }[] {
  const { html, dom, url } = facts
  const found: { change: Change; loads: number }[] = []
  if (!isNoindex(html, now)) found.push({ change: 'noindex', loads: dom.filter((told) => isNoindex(told, now)).length })
  if (!leadsElsewhere(html, url))
    found.push({ change: 'canonical', loads: dom.filter((told) => leadsElsewhere(told, url)).length })
  return found
}

/** Once is chance (a test, a slow script), so it takes two loads to say anything. */
const loadsMin = 2

function weigh(facts: Facts, config: Config, now: Date): Weighed {
  const { status, dom, importance } = facts
  if (status < 200 || status >= 300 || dom.length < loadsMin) return unknown
  const found = changes(facts, now)
  if (found.some(({ loads }) => loads >= loadsMin && loads > dom.length / 2))
    return bad(raisedAt('high', importance, config.importantFrom))
  return found.every(({ loads }) => loads === 0) ? ok : unknown
}

function judge(facts: Facts, context: DataContext): Verdict[] {
  const weighed = weigh(facts, context.config[spec.id], context.now)
  const evidence = { ...facts }
  if (weighed.level === 'bad')
    return [conclusive(facts.url, { level: 'bad', severity: weighed.severity, ...words(facts, context.now), evidence })]
  return isWatched(spec, facts.url, context) ? [conclusive(facts.url, { level: weighed.level, evidence })] : []
}

function words(facts: Facts, now: Date): { title: string; description: string } {
  const { url, dom } = facts
  const noindex = changes(facts, now).find(({ change, loads }) => change === 'noindex' && loads > dom.length / 2)
  const canonical = dom.find((told) => leadsElsewhere(told, url))?.canonical
  const [title, what] = noindex
    ? [spec.title, 'say noindex']
    : ['A script names another page as the canonical', `name ${canonical ?? 'another page'} as the canonical`]
  return {
    title: `${title}: ${shortName(url)}`,
    description: `The HTML of ${url} may be indexed; its scripts ${what} once they have run.`,
  }
}
