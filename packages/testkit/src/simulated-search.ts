import type { GoogleRow } from './outside/google.ts'
import { createRandom, normal } from './random.ts'

function createNoise(seed: number) {
  const uniform = createRandom(seed)
  const scatter = () => normal(uniform)
  return { uniform, normal: scatter, poisson: (mean: number) => Math.max(0, Math.round(mean + Math.sqrt(mean) * scatter())) }
}

/** How Sunday to Saturday differ, for a shop. */
const weekly = [1.2, 0.95, 0.9, 0.9, 0.95, 1, 1.1]

/**
 * A site without faults: queries of all positions and sizes, whose positions wander a little from day to day and scatter the more the
 * lower they are, with weekdays, with days in which all is louder, and with queries that come and go.
 */
export function createSearches(seed: number, queries: number) {
  const random = createNoise(seed)
  const all = Array.from({ length: queries }, (_, n) => ({
    query: `query ${n}`,
    page: `https://shop.example/p/${n % 40}`,
    position: 1 + 59 * random.uniform() ** 2,
    impressions: 5 + 400 * random.uniform() ** 3,
    seldom: random.uniform() < 0.2,
    drift: 0,
  }))

  const rowOf = (each: (typeof all)[number], loudness: number): GoogleRow[] => {
    const impressions = random.poisson(each.impressions * loudness)
    if (impressions === 0) return []
    const scatter = (0.3 + 0.1 * each.position) * random.normal() * Math.min(1, Math.sqrt(20 / impressions) + 0.3)
    const position = Math.max(1, each.position + each.drift + scatter)
    const clicks = random.poisson(impressions * (0.3 / position))
    return [{ query: each.query, page: each.page, clicks, impressions, position }]
  }

  return {
    /** A day of all queries, and the hours of it. */
    day(day: string): { rows: GoogleRow[]; hours: Map<string, GoogleRow[]> } {
      const weekday = new Date(`${day}T12:00:00Z`).getUTCDay()
      const loudness = (weekly[weekday] ?? 1) * (1 + 0.1 * random.normal())
      for (const each of all) each.drift = 0.7 * each.drift + (0.1 + 0.03 * each.position) * random.normal()
      const shown = all.filter((each) => !each.seldom || random.uniform() < 0.3)
      const hours = new Map<string, GoogleRow[]>()
      for (let hour = 0; hour < 24; hour += 1)
        hours.set(
          `${day}T${String(hour).padStart(2, '0')}:00:00-08:00`,
          shown.slice(0, 20).flatMap((each) => rowOf(each, loudness / 24)),
        )
      return { rows: shown.flatMap((each) => rowOf(each, loudness)), hours }
    },
    /** From now on a query that is often seen on the first page stands so much lower. */
    fall(positions: number) {
      const each = all.find(({ position, impressions, seldom }) => position < 10 && impressions > 80 && !seldom)
      if (!each) throw new Error('No such query: take another seed.')
      each.position += positions
      return each
    },
  }
}

/** Days of a winter, in which Pacific time is eight hours behind all along. */
const firstDay = Date.parse('2025-11-10T00:00:00Z')
export const dayNumber = (n: number): string => new Date(firstDay + n * 86_400_000).toISOString().slice(0, 10)
