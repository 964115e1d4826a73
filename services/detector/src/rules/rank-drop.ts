import { rankDrop as spec } from '@tocsin/contract/rules/rank-drop'
import { moveOf, weighDrop } from '../judges/ranking-moves.ts'
import { keywordRule, nameOf, place } from './ranking-answer.ts'

export const rankDrop = keywordRule(spec, {
  weigh: (facts, config, now) => weighDrop(facts, config[spec.id], now),
  words({ record, facts }) {
    const move = moveOf(facts, 1)
    const [from, to] = [place(move?.baseline ?? 1), place(move?.current ?? 1)]
    return {
      title: `${nameOf(record)} fell from position ${from} to ${to}`,
      description: `In the week before, the site stood at ${from}; the newest measurements say ${to}.`,
    }
  },
})
