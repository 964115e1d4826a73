import { idxRobotsChanged as spec } from '@tocsin/contract/rules/idx-robots-changed'
import { z } from 'zod'
import type { RobotsObservation } from '../crawler/observation.ts'
import { diffRules, matcherOfNormalised } from '../judges/robots-rules.ts'
import { answer, isWatched, type Seen, seenAs } from './answer.ts'
import { googlebot, readForGooglebot, rulesOf, speaksFor } from './googlebot.ts'
import type { PageMemory } from './page-memory.ts'
import type { RobotsRules } from './site-memory.ts'
import { type SiteRule, watchKey } from './verdict.ts'
import { bad, ok, reweigh, type Weighed } from './weigh.ts'

const linesNamed = 50
const lineLengthMax = 500
const pagesNamed = 20

const Facts = z.object({
  linesAdded: z.number().int(),
  linesRemoved: z.number().int(),
  /** Somebody has seen the change: it is the state of things from now on. */
  acknowledged: z.boolean(),
})
type Facts = z.infer<typeof Facts>

const weigh = ({ linesAdded, linesRemoved, acknowledged }: Facts): Weighed =>
  linesAdded + linesRemoved > 0 && !acknowledged ? bad('low') : ok

export const idxRobotsChanged: SiteRule<'idx.robots_changed'> = {
  spec,
  scope: 'site',
  judge({ summary: { robots } }, context) {
    const watch = context.watched.get(watchKey(spec.id, robots.host))
    const seen = changeOf(robots, context.memory.robotsRules, context.pages, watch === 'acknowledged')
    if (seen.level !== 'bad' && !isWatched(spec, robots.host, context)) return []
    return [answer(spec, robots.host, seen, { kind: 'robots', urls: [robots.url] })]
  },
  async lookAgain(finding, probes, context) {
    const robots = await probes.robots(finding.look.urls[0] ?? context.siteUrl, context.signal)
    return answer(spec, finding.subject, changeOf(robots, context.memory.robotsRules, context.pages, false), finding.look)
  },
  replay: (evidence) => reweigh(Facts, evidence, weigh),
}

type KnownPages = ReadonlyMap<string, PageMemory>

function changeOf(robots: RobotsObservation, before: RobotsRules | null, pages: KnownPages, acknowledged: boolean): Seen {
  const { url, host, availability, status } = robots
  const now = rulesOf(robots)
  if (!now) return { level: 'unknown', evidence: { url, availability, status } }
  const { added, removed } = diffRules(before ?? now, now)
  const { blocked, freed } = affected(robots, before ?? now, pages)
  const facts = { linesAdded: added.length, linesRemoved: removed.length, acknowledged }
  const named = (lines: readonly string[]) => lines.slice(0, linesNamed).map((line) => line.slice(0, lineLengthMax))
  const evidence = {
    url,
    availability,
    status,
    ...facts,
    added: named(added),
    removed: named(removed),
    crawler: googlebot,
    pagesBlocked: blocked.length,
    pagesFreed: freed.length,
    blocked: blocked.slice(0, pagesNamed),
    freed: freed.slice(0, pagesNamed),
  }
  return seenAs(weigh(facts), evidence, () => {
    const count = (lines: readonly string[]) => `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`
    const effect =
      blocked.length + freed.length === 0
        ? 'No known page is affected.'
        : `Of the known pages Googlebot may no longer visit ${blocked.length} and may now visit ${freed.length}.`
    return {
      title: `${spec.title}: ${host}`,
      description: `In ${url}, ${count(added)} came and ${count(removed)} went. ${effect}`,
    }
  })
}

function affected(robots: RobotsObservation, before: RobotsRules, pages: KnownPages) {
  const was = matcherOfNormalised(before, googlebot)
  const is = readForGooglebot(robots)?.match
  const changed = [...pages.keys()]
    .filter((url) => speaksFor(robots, url))
    .map((url) => ({ url, was: was(url).allowed, is: is?.(url).allowed ?? true }))
  return {
    blocked: changed.filter((each) => each.was && !each.is).map((each) => each.url),
    freed: changed.filter((each) => !each.was && each.is).map((each) => each.url),
  }
}
