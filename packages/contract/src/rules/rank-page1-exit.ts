import { z } from 'zod'
import { defineRule } from '../rule.ts'
import { madFloor, rankingFields } from './ranking-fields.ts'

export const rankPage1Exit = defineRule('rank.page1_exit', {
  type: 'ranking_drop',
  title: 'Keyword has left the first page',
  doc: 'A keyword that was on the first page on every good day is on the second or later, twice, and not only by as much as it usually varies. A larger fall is told as a drop and not a second time. Over when it is on the first page twice.',
  impact: 'Few look beyond the first page of results.',
  action: 'Compare the page with those that now stand before it, and look at what changed on it.',
  config: z.strictObject({
    ...rankingFields,
    madFloor: madFloor(0.3),
  }),
})
