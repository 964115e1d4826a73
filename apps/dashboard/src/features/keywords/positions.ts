import type { Keyword, KeywordHistory } from '@tocsin/contract/api/keywords'

const dayMs = 86_400_000
/** A day without a measurement is spoken for by the last one before it, for so long. */
const speaksForDays = 3

type Day = KeywordHistory['days'][number]

/** Where a keyword stood so many days ago: null when it was looked for and absent, undefined when nobody looked. */
export function positionAgo(days: readonly Day[], ago: number, now: Date): number | null | undefined {
  const wanted = Date.parse(now.toISOString().slice(0, 10)) - ago * dayMs
  return days.findLast(({ day }) => Date.parse(day) <= wanted && Date.parse(day) >= wanted - speaksForDays * dayMs)?.position
}

/** One value for each of the last days, for a trend. */
export function trendOf(days: readonly Day[], length: number, now: Date): (number | null)[] {
  const today = Date.parse(now.toISOString().slice(0, 10))
  const byDay = new Map(days.map(({ day, position }) => [day, position]))
  return Array.from({ length }, (_, n) => {
    const day = new Date(today - (length - 1 - n) * dayMs).toISOString().slice(0, 10)
    return byDay.get(day) ?? null
  })
}

/** As a person would say it. */
export function positionText(latest: Keyword['latest']): string {
  if (latest === null) return 'Not measured yet'
  if (latest.position !== null) return String(latest.position)
  return latest.missing === 'failed' ? 'Could not be measured' : `Not in the first ${latest.depth}`
}

export type Move = { direction: 'up' | 'down' | 'same'; words: string } | null

/** From an earlier position to the present one; a smaller number is better. */
export function moveOf(now: number | null | undefined, earlier: number | null | undefined): Move {
  if (now === undefined || earlier === undefined || (now === null && earlier === null)) return null
  if (now === null) return { direction: 'down', words: 'lost' }
  if (earlier === null) return { direction: 'up', words: 'new' }
  const places = Math.abs(now - earlier)
  if (places === 0) return { direction: 'same', words: 'as before' }
  return now < earlier ? { direction: 'up', words: `${places} up` } : { direction: 'down', words: `${places} down` }
}
