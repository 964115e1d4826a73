import { idxRobotsChanged as spec } from '@tocsin/contract/rules/idx-robots-changed'
import type { RobotsObservation } from '../crawler/observation.ts'
import { diffRules, matcherOfNormalised } from '../judges/robots-rules.ts'
import { answer, isWatched, type Seen } from './answer.ts'
import { googlebot, readForGooglebot, rulesOf, speaksFor } from './googlebot.ts'
import type { PageMemory } from './page-memory.ts'
import type { RobotsRules } from './site-memory.ts'
import { type SiteRule, watchKey } from './verdict.ts'

const linesNamed = 50
const pagesNamed = 20

export const idxRobotsChanged: SiteRule<'idx.robots_changed'> = {
  spec,
  scope: 'site',
  judge({ summary: { robots } }, context) {
    const seen = changeOf(robots, context.memory.robotsRules, context.pages)
    const watch = context.watched.get(watchKey(spec.id, robots.host))
    if (seen.level !== 'bad' && !isWatched(spec, robots.host, context)) return []
    // Somebody has seen the change: it is the state of things from now on.
    const settled: Seen = watch === 'acknowledged' && seen.level === 'bad' ? { level: 'ok', evidence: seen.evidence } : seen
    return [answer(spec, robots.host, settled, { kind: 'robots', urls: [robots.url] })]
  },
  async lookAgain(finding, probes, context) {
    const robots = await probes.robots(finding.look.urls[0] ?? context.siteUrl, context.signal)
    return answer(spec, finding.subject, changeOf(robots, context.memory.robotsRules, context.pages), finding.look)
  },
}

function changeOf(robots: RobotsObservation, before: RobotsRules | null, pages: ReadonlyMap<string, PageMemory>): Seen {
  const { url, host, availability, status } = robots
  const now = rulesOf(robots)
  if (!now) return { level: 'unknown', evidence: { url, availability, status } }
  const { added, removed } = diffRules(before ?? now, now)
  const evidence = { url, availability, status, added: added.slice(0, linesNamed), removed: removed.slice(0, linesNamed) }
  if (added.length === 0 && removed.length === 0) return { level: 'ok', evidence }
  const { blocked, freed } = affected(robots, before ?? now, pages)
  const count = (lines: readonly string[]) => `${lines.length} ${lines.length === 1 ? 'line' : 'lines'}`
  const effect =
    blocked.length + freed.length === 0
      ? 'No known page is affected.'
      : `Of the known pages Googlebot may no longer visit ${blocked.length} and may now visit ${freed.length}.`
  return {
    level: 'bad',
    severity: 'low',
    title: `${spec.title}: ${host}`,
    description: `In ${url}, ${count(added)} came and ${count(removed)} went. ${effect}`,
    evidence: {
      ...evidence,
      crawler: googlebot,
      pagesBlocked: blocked.length,
      pagesFreed: freed.length,
      blocked: blocked.slice(0, pagesNamed),
      freed: freed.slice(0, pagesNamed),
    },
  }
}

function affected(robots: RobotsObservation, before: RobotsRules, pages: ReadonlyMap<string, PageMemory>) {
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
