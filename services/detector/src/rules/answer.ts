import type { RuleSpec, Severity } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import { type JudgeContext, type LookTarget, type Verdict, watchKey } from './verdict.ts'
import type { Weighed } from './weigh.ts'

export type Evidence = Readonly<Record<string, unknown>>

/** What a rule sees, before it is about anything in particular. */
export type Seen =
  | {
      readonly level: 'bad'
      readonly severity: Severity
      readonly title: string
      readonly description: string
      readonly evidence: Evidence
      readonly worsensAt?: Date | null
    }
  | { readonly level: 'ok' | 'unknown'; readonly evidence: Evidence }

/** What the facts weigh, with the words for it if they are bad. */
export function seenAs(weighed: Weighed, evidence: Evidence, words: () => { title: string; description: string }): Seen {
  if (weighed.level !== 'bad') return { level: weighed.level, evidence }
  return { level: 'bad', severity: weighed.severity, ...words(), evidence }
}

export function answer(spec: RuleSpec<RuleId>, subject: string, seen: Seen, look: LookTarget): Verdict {
  const texts = seen.level === 'bad' ? seen : { severity: 'low' as const, title: '', description: '', worsensAt: null }
  const { severity, title, description, worsensAt = null } = texts
  return { rule: spec.id, subject, level: seen.level, severity, title, description, evidence: seen.evidence, look, worsensAt }
}

export const isWatched = (spec: RuleSpec<RuleId>, subject: string, context: Pick<JudgeContext, 'watched'>): boolean =>
  context.watched.has(watchKey(spec.id, subject))

/** The subjects of this rule for which somebody waits for an answer. */
export function watchedSubjects(spec: RuleSpec<RuleId>, context: Pick<JudgeContext, 'watched'>): string[] {
  const prefix = watchKey(spec.id, '')
  return [...context.watched.keys()].flatMap((key) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
}

const pathLengthMax = 80

/** How a page is called where there is little room. */
export function shortName(url: string): string {
  const parsed = URL.parse(url)
  const name = parsed ? `${parsed.pathname}${parsed.search}` : url
  return name.length > pathLengthMax ? `${name.slice(0, pathLengthMax - 1)}…` : name
}
