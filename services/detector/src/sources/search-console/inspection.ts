import type { Inspection, InspectionVerdict } from '@tocsin/domain/search-console/search-console'
import { z } from 'zod'
import { askGoogle } from '../ask-google.ts'
import type { AskFault } from '../ask-json.ts'
import type { AnalyticsDoor } from './analytics.ts'

/** Enumerations as Google writes them; long ones are cut rather than refused. */
const word = z
  .string()
  .transform((text) => text.slice(0, 200))
  .optional()
const address = z
  .string()
  .transform((text) => text.slice(0, 2_048))
  .optional()

const Answer = z.object({
  inspectionResult: z.object({
    indexStatusResult: z.object({
      verdict: z.string().default(''),
      coverageState: word,
      robotsTxtState: word,
      indexingState: word,
      pageFetchState: word,
      lastCrawlTime: z.string().optional(),
      googleCanonical: address,
      userCanonical: address,
    }),
  }),
})

const verdicts: Readonly<Record<string, InspectionVerdict>> = {
  PASS: 'pass',
  PARTIAL: 'partial',
  FAIL: 'fail',
  NEUTRAL: 'neutral',
}

/** What Google knows of one page. */
export async function inspect(door: AnalyticsDoor, url: string): Promise<{ ok: true; inspection: Inspection } | AskFault> {
  const { deps, property, token, signal } = door
  const answered = await askGoogle(deps, `${deps.urls.GSC_URL}/v1/urlInspection/index:inspect`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ inspectionUrl: url, siteUrl: property, languageCode: 'en-US' }),
    signal,
    maxBytes: 256 * 1024,
  })
  if (!answered.ok) return answered
  const parsed = Answer.safeParse(answered.body)
  if (!parsed.success) return { ok: false, reason: 'bad_answer', detail: 'An inspection that cannot be read.', retryAt: null }
  const { indexStatusResult: seen } = parsed.data.inspectionResult
  const crawled = Date.parse(seen.lastCrawlTime ?? '')
  return {
    ok: true,
    inspection: {
      url,
      at: deps.clock.now(),
      verdict: verdicts[seen.verdict] ?? 'unknown',
      coverage: seen.coverageState ?? null,
      robots: seen.robotsTxtState ?? null,
      indexing: seen.indexingState ?? null,
      pageFetch: seen.pageFetchState ?? null,
      googleCanonical: seen.googleCanonical ?? null,
      userCanonical: seen.userCanonical ?? null,
      crawledAt: Number.isNaN(crawled) ? null : new Date(crawled),
    },
  }
}

export interface Inspectable {
  readonly url: string
  readonly importance: number
  /** The latest, oldest first. */
  readonly inspections: readonly Inspection[]
}

const hourMs = 3_600_000
/** Nothing is asked twice within this: Google's answer changes when it crawls, not when it is asked. */
const restMs = 20 * hourMs
/** A page that nobody has asked about counts as this old. */
const neverMs = 30 * 24 * hourMs

/**
 * What to ask about next: the longest unasked, weighed by importance, so that a page of importance 9 is asked about ten times as often
 * as one of 0. A page about which something looked wrong waits only as long as it must.
 */
export function inspectNext(pages: readonly Inspectable[], count: number, now: Date): string[] {
  return pages
    .map((page) => ({ url: page.url, score: scoreOf(page, now) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.url < b.url ? -1 : 1))
    .slice(0, count)
    .map(({ url }) => url)
}

function scoreOf({ importance, inspections }: Inspectable, now: Date): number {
  const last = inspections.at(-1)
  const ageMs = last ? now.getTime() - last.at.getTime() : neverMs
  if (last && ageMs < restMs) return 0
  return ageMs * (importance + 1) * (last && looksWrong(inspections) ? 20 : 1)
}

function looksWrong(inspections: readonly Inspection[]): boolean {
  const last = inspections.at(-1)
  if (!last) return false
  const lost = last.verdict !== 'pass' && last.verdict !== 'unknown' && inspections.some((each) => each.verdict === 'pass')
  return lost || (last.googleCanonical !== null && last.userCanonical !== null && last.googleCanonical !== last.userCanonical)
}
