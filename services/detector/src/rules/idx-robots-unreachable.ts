import { idxRobotsUnreachable as spec } from '@tocsin/contract/rules/idx-robots-unreachable'
import type { RobotsObservation } from '../crawler/observation.ts'
import { answer, isWatched, type Seen } from './answer.ts'
import type { LookTarget, SiteRule } from './verdict.ts'

/** Search engines bridge a short outage with what they remember of the file. */
const criticalAfterMs = 30 * 60_000

export const idxRobotsUnreachable: SiteRule<'idx.robots_unreachable'> = {
  spec,
  scope: 'site',
  judge({ summary: { robots } }, context) {
    const watched = isWatched(spec, robots.host, context)
    // If nobody waits for it any more, it was well in between.
    const seen = reachOf(robots, watched ? context.memory.robotsUnreachableSince : null, context.now)
    if (seen.level !== 'bad' && !watched) return []
    return [answer(spec, robots.host, seen, lookAt(robots))]
  },
  async lookAgain(finding, probes, context) {
    const robots = await probes.robots(finding.look.urls[0] ?? context.siteUrl, context.signal)
    const told = finding.evidence['since']
    const since = context.memory.robotsUnreachableSince ?? (typeof told === 'string' ? told : null)
    return answer(spec, finding.subject, reachOf(robots, since, context.now), finding.look)
  },
}

const lookAt = (robots: RobotsObservation): LookTarget => ({ kind: 'robots', urls: [robots.url] })

function reachOf(robots: RobotsObservation, since: string | null, now: Date): Seen {
  const { url, host, availability, status, fault, detail } = robots
  const evidence = { url, availability, status, fault, detail }
  if (availability === 'unknown') return { level: 'unknown', evidence }
  if (availability !== 'unreachable') return { level: 'ok', evidence }
  const begun = since ?? now.toISOString()
  const criticalAt = new Date(Date.parse(begun) + criticalAfterMs)
  const isCritical = now >= criticalAt
  const how = status === null ? 'cannot be fetched' : `answers with status ${status}`
  return {
    level: 'bad',
    severity: isCritical ? 'critical' : 'high',
    title: `${spec.title}: ${host}`,
    description: `${url} ${how}. Search engines then take all of ${host} for forbidden.`,
    evidence: { ...evidence, since: begun },
    worsensAt: isCritical ? null : criticalAt,
  }
}
