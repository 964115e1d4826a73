import { rankLost as spec } from '@tocsin/contract/rules/rank-lost'
import { baselineOf, weighLost } from '../judges/ranking-moves.ts'
import { keywordRule, nameOf, place } from './ranking-answer.ts'

export const rankLost = keywordRule(spec, {
  weigh: (facts, config) => weighLost(facts, config[spec.id]),
  words({ record, facts }) {
    const baseline = facts.open?.baseline ?? baselineOf(facts.days, 1) ?? 1
    const depth = Math.min(...facts.fetches.map((fetch) => fetch.depth))
    return {
      title: `${nameOf(record)} is not among the results any more`,
      description: `The site stood at ${place(baseline)} and is now not among the first ${depth} results, in two measurements.`,
    }
  },
})
