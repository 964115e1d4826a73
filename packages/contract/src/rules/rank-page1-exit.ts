import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const rankPage1Exit = defineRule('rank.page1_exit', {
  type: 'ranking_drop',
  title: 'Keyword has left the first page',
  doc: 'A keyword that was on the first page on every good day is on the second or later, twice, and not only by as much as it usually varies. A larger fall is told as a drop and not a second time. Over when it is on the first page twice.',
  impact: 'Few look beyond the first page of results.',
  action: 'Compare the page with those that now stand before it, and look at what changed on it.',
  config: z.strictObject({
    currentHours: z
      .number()
      .min(1)
      .max(240)
      .default(48)
      .meta({ description: 'How old a measurement may be to count as the present.' }),
    apartMinutes: z
      .number()
      .min(1)
      .max(1440)
      .default(30)
      .meta({ description: 'Minutes by which two measurements must be apart to count as two.' }),
    minDays: z
      .number()
      .int()
      .min(3)
      .max(7)
      .default(4)
      .meta({ description: 'Days with a good measurement that a comparison needs.' }),
    madFloor: z
      .number()
      .min(0.1)
      .max(5)
      .default(0.3)
      .meta({ description: 'Positions by which a keyword is taken to vary from day to day at least.' }),
    sigmas: z.number().min(1).max(10).default(3).meta({ description: 'How many times its usual variation a keyword must move.' }),
  }),
})
