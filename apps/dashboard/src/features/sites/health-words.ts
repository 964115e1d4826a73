import type { ThreatType } from '@tocsin/contract/rule'

/** What a score means to somebody who has never seen one. */
export function scoreMeaning(score: number): { tone: 'good' | 'warn' | 'bad'; word: string; meaning: string } {
  if (score === 100) return { tone: 'good', word: 'Healthy', meaning: 'No threat is open.' }
  if (score >= 90) return { tone: 'good', word: 'Healthy', meaning: 'Only small things are open.' }
  if (score >= 70) return { tone: 'warn', word: 'Fair', meaning: 'Something deserves a look this week.' }
  if (score >= 40) return { tone: 'bad', word: 'Poor', meaning: 'Visitors or rankings are suffering: act today.' }
  return { tone: 'bad', word: 'Critical', meaning: 'The site is being hurt right now: act at once.' }
}

export const typeNames = {
  ranking_drop: 'Rankings',
  cwv_degradation: 'Web vitals',
  technical_error: 'Technical',
  competitor_surge: 'Competitors',
  security_issue: 'Security',
  indexation_problem: 'Indexation',
} satisfies Record<ThreatType, string>
