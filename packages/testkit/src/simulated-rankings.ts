import type { RankingEntry } from '@tocsin/contract/api/rankings'
import { normal } from './random.ts'

/** A market of keywords in which the site and its competitors have places around which they waver. */
export interface Market {
  readonly keywords: readonly MarketKeyword[]
}

export interface MarketKeyword {
  readonly phrase: string
  /** By domain; the site itself is 'own'. Null: absent. */
  readonly places: Map<string, number | null>
}

export const rivals = ['one.example', 'two.example', 'three.example'] as const

/** How much a place wavers from measurement to measurement: hardly at the top, by positions on the third page. */
export const wavering = (place: number): number =>
  place <= 3 ? 0.3 : place <= 10 ? 0.5 : place <= 20 ? 0.9 : place <= 50 ? 1.8 : 4

export function measured(place: number | null, random: () => number, depth = 100): number | null {
  if (place === null) return null
  const position = Math.max(1, Math.round(place + normal(random) * wavering(place)))
  return position > depth ? null : position
}

export function marketOf(count: number, random: () => number, own?: number): Market {
  const place = () => 1 + 59 * random() ** 2
  return {
    keywords: Array.from({ length: count }, (_, n) => ({
      phrase: `keyword ${n}`,
      places: new Map<string, number | null>([
        ['own', own ?? place()],
        ...rivals.map((rival): [string, number] => [rival, place()]),
      ]),
    })),
  }
}

/** What a provider that asks for every keyword would see now. */
export function entriesOf(market: Market, random: () => number): RankingEntry[] {
  return market.keywords.map(({ phrase, places }) => {
    const seen = new Map([...places].map(([party, place]) => [party, measured(place, random)]))
    return {
      keyword: phrase,
      country: 'US',
      device: 'desktop',
      position: seen.get('own') ?? null,
      url: `https://shop.example/${phrase.replaceAll(' ', '-')}`,
      competitors: rivals.map((domain) => ({
        domain,
        position: seen.get(domain) ?? null,
        url: `https://${domain}/${phrase.replaceAll(' ', '-')}`,
      })),
    }
  })
}
