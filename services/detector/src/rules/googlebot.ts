import type { RobotsObservation } from '../crawler/observation.ts'
import { parseRobots, type Robots, type RobotsMatcher, robotsMatcher } from '../judges/robots.ts'
import { normaliseRules } from '../judges/robots-rules.ts'
import type { RobotsRules } from './site-memory.ts'

/** The crawler whose answer decides: what it may not read is not found. */
export const googlebot = 'googlebot'

export interface ReadRobots {
  readonly robots: Robots
  readonly match: RobotsMatcher['match']
}

/** Every page of a scan asks the same file; it goes when the observation goes. */
const read = new WeakMap<RobotsObservation, ReadRobots>()

/** What robots.txt says to Googlebot, with its lines. Null when nobody knows what it says. A missing one allows everything. */
export function readForGooglebot(seen: RobotsObservation): ReadRobots | null {
  if (seen.availability === 'unreachable' || seen.availability === 'unknown') return null
  const known = read.get(seen)
  if (known) return known
  const robots = parseRobots(seen.availability === 'read' ? seen.text : '')
  const matcher = robotsMatcher(robots, googlebot)
  const made: ReadRobots = { robots, match: (url) => matcher.match(url) }
  read.set(seen, made)
  return made
}

/** The rules without comments and order; null when nobody knows them. */
export function rulesOf(seen: RobotsObservation): RobotsRules | null {
  const known = readForGooglebot(seen)
  if (!known) return null
  return Object.fromEntries(Object.entries(normaliseRules(known.robots)).map(([agent, lines]) => [agent, [...lines]]))
}

/** Does this robots.txt speak for this address? */
export const speaksFor = (seen: RobotsObservation, url: string): boolean =>
  // Of most addresses this can be seen without taking them apart, and every rule asks for every page.
  url.startsWith(`${seen.host}/`, url.indexOf('://') + 3) || URL.parse(url)?.host === seen.host
