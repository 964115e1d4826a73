import type { RuleSpec } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import { KeywordFacts, moveOf } from '../judges/ranking-moves.ts'
import { answer, type Evidence, type Seen, watchedSubjects } from './answer.ts'
import { type Fall, type KeywordRule, rankingFalls } from './ranking-falls.ts'
import { type KeywordRecord, subjectOf } from './ranking-records.ts'
import type { DataContext, DataRule, Verdict } from './verdict.ts'
import { reweigh, type Weighed } from './weigh.ts'

const look = { kind: 'data', urls: [] } as const

/** Repetition was weighed by the judgement itself. */
export const conclusive = (spec: RuleSpec<RuleId>, subject: string, seen: Seen): Verdict => ({
  ...answer(spec, subject, seen, look),
  conclusive: true,
})

export interface Judged {
  subject: string
  weighed: Weighed
  evidence: Evidence
  words: () => { title: string; description: string }
}

/** Bad verdicts, and an answer for everybody who waits: what nobody tracks any more is over. */
export function verdictsOf(spec: RuleSpec<RuleId>, context: DataContext, judged: readonly Judged[]): Verdict[] {
  const waiting = new Set(watchedSubjects(spec, context))
  const known = new Set(judged.map((each) => each.subject))
  const verdicts = judged.flatMap(({ subject, weighed, evidence, words }): Verdict[] => {
    if (weighed.level === 'bad') {
      const { level, severity } = weighed
      return [conclusive(spec, subject, { level, severity, ...words(), evidence })]
    }
    return waiting.has(subject) ? [conclusive(spec, subject, { level: weighed.level, evidence })] : []
  })
  const gone = [...waiting].filter((subject) => !known.has(subject))
  return [...verdicts, ...gone.map((subject) => conclusive(spec, subject, { level: 'ok', evidence: { gone: true } }))]
}

/** The three rules about one keyword differ in their judgement and their words. */
export function keywordRule<Id extends KeywordRule>(
  spec: RuleSpec<Id>,
  rule: {
    weigh(facts: KeywordFacts, config: DataContext['config'], now: Date): Weighed
    words(fall: Fall): { title: string; description: string }
  },
): DataRule<Id> {
  return {
    spec,
    scope: 'data',
    async assess(sql, context) {
      const { falls } = await rankingFalls(sql, context)
      const judged = falls[spec.id].map((fall) => ({
        subject: fall.record.subject,
        weighed: fall.weighed,
        evidence: evidenceOf(fall, context.config[spec.id].minDays),
        words: () => rule.words(fall),
      }))
      return verdictsOf(spec, context, judged)
    },
    replay: (evidence, { config, now }) => reweigh(KeywordFacts, evidence, (facts) => rule.weigh(facts, config, now)),
  }
}

/** `baseline` is what the keyword is measured against for as long as the threat is open. */
function evidenceOf({ record, facts, takenOver }: Fall, minDays: number): Evidence {
  const { phrase, country, language, device } = record.keyword
  const move = moveOf(facts, minDays)
  const baseline = move?.baseline ?? moveOf({ ...facts, fetches: [anywhere] }, minDays)?.baseline ?? null
  return {
    keyword: { phrase, country, language: language === '' ? null : language, device },
    url: record.url,
    baseline,
    current: move?.current ?? null,
    ...facts,
    ...(takenOver ? { takenOverBy: 'rank.sitewide' } : {}),
  }
}

/** Only to ask for the baseline. */
const anywhere = { at: '1970-01-01T00:00:00.000Z', position: 1, depth: 1, complete: true }

/** “blue shoes” in US. */
export function nameOf({ keyword }: Pick<KeywordRecord, 'keyword'>): string {
  const [, ...more] = subjectOf(keyword).slice(keyword.phrase.length).split(':')
  return `“${keyword.phrase}” (${more.join(', ')})`
}

/** 4, or 4.5. */
export const place = (position: number): string => String(Math.round(position * 10) / 10)
