import type { RuleConfigs } from '@tocsin/contract/rules/catalog'
import { idxRobotsUnreachable as spec } from '@tocsin/contract/rules/idx-robots-unreachable'
import { z } from 'zod'
import type { RobotsObservation } from '../crawler/observation.ts'
import { answer, isWatched, type Seen, seenAs } from './answer.ts'
import type { LookTarget, SiteRule } from './verdict.ts'
import { bad, ok, reweigh, unknown, type Weighed } from './weigh.ts'

type Config = RuleConfigs['idx.robots_unreachable']

const Facts = z.object({
  availability: z.enum(['read', 'missing', 'unreachable', 'unknown']),
  /** Since when it has not been readable. */
  since: z.iso.datetime(),
})
type Facts = z.infer<typeof Facts>

export const idxRobotsUnreachable: SiteRule<'idx.robots_unreachable'> = {
  spec,
  scope: 'site',
  judge({ summary: { robots } }, context) {
    const watched = isWatched(spec, robots.host, context)
    // If nobody waits for it any more, it was well in between.
    const since = watched ? context.memory.robotsUnreachableSince : null
    const seen = reachOf(robots, since, context.config['idx.robots_unreachable'], context.now)
    if (seen.level !== 'bad' && !watched) return []
    return [answer(spec, robots.host, seen, lookAt(robots))]
  },
  async lookAgain(finding, probes, context) {
    const robots = await probes.robots(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const told = finding.evidence['since']
    const since = context.memory.robotsUnreachableSince ?? (typeof told === 'string' ? told : null)
    const seen = reachOf(robots, since, context.config['idx.robots_unreachable'], context.now)
    return answer(spec, finding.subject, seen, finding.look)
  },
  replay: (evidence, { config, now }) => reweigh(Facts, evidence, (facts) => weigh(facts, config['idx.robots_unreachable'], now)),
}

const lookAt = (robots: RobotsObservation): LookTarget => ({ kind: 'robots', urls: [robots.url] })

/** Search engines bridge a short outage with what they remember of the file. */
const criticalAt = ({ since }: Facts, { criticalAfterMinutes }: Config): Date =>
  new Date(Date.parse(since) + criticalAfterMinutes * 60_000)

function weigh(facts: Facts, config: Config, now: Date): Weighed {
  if (facts.availability === 'unknown') return unknown
  if (facts.availability !== 'unreachable') return ok
  return bad(now >= criticalAt(facts, config) ? 'critical' : 'high')
}

function reachOf(robots: RobotsObservation, before: string | null, config: Config, now: Date): Seen {
  const { url, host, availability, status, fault, detail } = robots
  const facts = { availability, since: before ?? now.toISOString() }
  const weighed = weigh(facts, config, now)
  const how = status === null ? 'cannot be fetched' : `answers with status ${status}`
  const seen = seenAs(weighed, { url, status, fault, detail, ...facts }, () => ({
    title: `${spec.title}: ${host}`,
    description: `${url} ${how}. Search engines then take all of ${host} for forbidden.`,
  }))
  if (seen.level !== 'bad') return seen
  return { ...seen, worsensAt: seen.severity === 'critical' ? null : criticalAt(facts, config) }
}
