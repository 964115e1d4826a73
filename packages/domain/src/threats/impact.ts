import type { Evidence } from './evidence.ts'

/** Of what is not a page, or a page of which nothing is known. */
export const ordinaryImportance = 5
const importantFrom = 8
const minorUpTo = 2

/** 0–10, as the rule saw it. */
export function importanceOf(evidence: Evidence): number | null {
  const { importance } = evidence
  return typeof importance === 'number' && importance >= 0 && importance <= 10 ? importance : null
}

/** What it means for this site, as far as the evidence says how far it reaches, in words a site owner understands. */
export function estimatedImpact(impact: string, evidence: Evidence): string {
  return [impact, reach(evidence), weight(importanceOf(evidence)), traffic(evidence)].filter((part) => part !== null).join(' ')
}

function reach({ pagesBad, pagesSeen, pagesBlocked, pagesKnown }: Evidence): string | null {
  const bad = pagesBad ?? pagesBlocked
  const all = pagesSeen ?? pagesKnown
  if (typeof bad !== 'number' || typeof all !== 'number' || all < 1) return null
  const share = Math.round((100 * bad) / all)
  return `It concerns ${bad} of ${all} pages${share >= 1 ? ` (${Math.min(100, share)} %)` : ''}.`
}

function weight(importance: number | null): string | null {
  if (importance === null) return null
  if (importance >= importantFrom) return 'The page is one of the most important of the site.'
  return importance <= minorUpTo ? 'The page is one of the least important of the site.' : null
}

function traffic({ clicks28d }: Evidence): string | null {
  return typeof clicks28d === 'number' && clicks28d > 0 ? `It brought ${clicks28d} clicks from Google in 28 days.` : null
}
