import { rankPage1Exit as spec } from '@tocsin/contract/rules/rank-page1-exit'
import { moveOf, weighPageExit } from '../judges/ranking-moves.ts'
import { keywordRule, nameOf, place } from './ranking-answer.ts'

export const rankPage1Exit = keywordRule(spec, {
  weigh: (facts, config) => weighPageExit(facts, config[spec.id]),
  words({ record, facts }) {
    const move = moveOf(facts, 1)
    return {
      title: `${nameOf(record)} has left the first page`,
      description: `The site stood at ${place(move?.baseline ?? 1)} and is now at ${place(move?.current ?? 11)}, twice.`,
    }
  },
})
