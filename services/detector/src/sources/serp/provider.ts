import type { Device } from '@tocsin/contract/keyword'
import type { TrackedKeyword } from '@tocsin/domain/keywords/keywords'
import { z } from 'zod'
import type { AskFault } from '../ask-json.ts'
import type { SourceDeps } from '../source.ts'

/** One place among the organic results. */
export interface SerpResult {
  readonly position: number
  readonly url: string
}

/**
 * What came of one search. `failed` is no measurement: an answer without results, or in another shape, says nothing about where a site
 * stands. A `fault` is about the account or the provider, and ends the round.
 */
export type SerpAnswer =
  | { readonly kind: 'results'; readonly results: readonly SerpResult[] }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'fault'; readonly fault: AskFault }

/** How one provider of search results is asked. */
export interface SerpProvider {
  /** What it can ask for. */
  readonly devices: readonly Device[]
  search(
    deps: SourceDeps,
    question: { apiKey: string; keyword: Pick<TrackedKeyword, 'phrase' | 'country' | 'language' | 'device'>; depth: number },
    signal: AbortSignal,
  ): Promise<SerpAnswer>
}

const resultsMax = 200
const Result = z.object({ position: z.number().int().min(1).max(1_000), link: z.url({ protocol: /^https?$/ }).max(2_000) })
/** Of the results, so many may be unreadable (a snippet without a link, say) before nothing of it is believed. */
const unreadableShareMax = 0.2

/** The organic results as both providers write them. */
export function organicOf(list: unknown): SerpAnswer {
  if (!Array.isArray(list) || list.length > resultsMax) return { kind: 'failed', detail: 'No list of results.' }
  if (list.length === 0) return { kind: 'failed', detail: 'An empty list of results.' }
  const results = list.flatMap((each: unknown) => {
    const parsed = Result.safeParse(each)
    return parsed.success ? [{ position: parsed.data.position, url: parsed.data.link }] : []
  })
  if (results.length < list.length * (1 - unreadableShareMax)) return { kind: 'failed', detail: 'Results that cannot be read.' }
  return { kind: 'results', results }
}
