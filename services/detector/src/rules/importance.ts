import { type Severity, severities } from '@tocsin/contract/rule'
import type { PageObservation } from '../crawler/observation.ts'

/** From here on a page matters so much that its faults weigh one step more. */
export const importantFrom = 8
/** Up to here a page matters so little that its faults weigh one step less. */
export const minorUpTo = 2
/** Of a page of which nothing is known: it neither raises nor lowers. */
const ordinary = 5

type Place = Pick<PageObservation, 'url' | 'inlinks' | 'depth'>

/**
 * 0–10 for every page: where it stands among the others by 0.5·clicks + 0.3·log(inlinks) + 0.2/depth. Pages that score alike share the
 * middle of their places, so that on a site where all are alike none is important and none is minor.
 * @param clicks that searches led to each page, where Search Console is connected
 */
export function importanceOfPages(
  pages: Iterable<Place>,
  homeUrl: string,
  clicks: ReadonlyMap<string, number> = new Map(),
): (url: string) => number {
  const scores = new Map<string, number>()
  for (const page of pages) scores.set(page.url, 0.5 * (clicks.get(page.url) ?? 0) + scoreOf(page))
  const byScore = placesOf([...scores.values()])
  return (url) => {
    const score = scores.get(url)
    const place = (score === undefined ? undefined : byScore.get(score)) ?? ordinary
    return url === homeUrl ? Math.max(importantFrom, place) : place
  }
}

/** Counted from one: logarithms and fractions have no zero. */
const scoreOf = ({ inlinks, depth }: Place): number => 0.3 * Math.log(1 + inlinks) + 0.2 / Math.max(1, depth)

function placesOf(scores: readonly number[]): Map<number, number> {
  const sorted = scores.toSorted((a, b) => a - b)
  const others = Math.max(1, sorted.length - 1)
  const places = new Map<number, number>()
  for (let from = 0; from < sorted.length; ) {
    const score = sorted[from]
    if (score === undefined) break
    let to = from
    while (sorted[to] === score) to += 1
    const middle = sorted.length === 1 ? 0.5 : (from + (to - from - 1) / 2) / others
    places.set(score, Math.round(middle * 100) / 10)
    from = to
  }
  return places
}

/** For rules that say themselves what they weigh on an ordinary page: an important one raises it, a minor one does not lower it. */
export const raisedAt = (severity: Severity, importance: number, from: number): Severity =>
  importance >= from ? (severities[severities.indexOf(severity) - 1] ?? severity) : severity

/** What a fault of this severity weighs on a page of this importance. */
export function severityAt(severity: Severity, importance: number): Severity {
  const step = importance >= importantFrom ? -1 : importance <= minorUpTo ? 1 : 0
  return severities[severities.indexOf(severity) + step] ?? severity
}
