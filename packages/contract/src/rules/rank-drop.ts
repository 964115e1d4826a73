import { z } from 'zod'
import { defineRule } from '../rule.ts'
import { madFloor, rankingFields } from './ranking-fields.ts'

export const rankDrop = defineRule('rank.drop', {
  type: 'ranking_drop',
  title: 'Keyword has dropped',
  doc: 'The site stands lower for a tracked keyword than in the week before: by more than 3 positions from the first page, 5 from the second, 10 from the third to fifth, and by more than the keyword usually varies. Two measurements half an hour apart agree, or one list that was marked complete says so. Over when it is back within one position twice; after two weeks the new position is what is usual.',
  impact: 'Lower positions are clicked less: from the third to the tenth place a keyword loses four of five of its visits.',
  action: 'Look at the page that ranked: what changed on it, whether it is still indexed, and who stands before it now.',
  config: z.strictObject({
    ...rankingFields,
    topDrop: z
      .number()
      .min(1)
      .max(50)
      .default(3)
      .meta({ description: 'Positions lost that count for a keyword among the first 10.' }),
    secondDrop: z.number().min(1).max(50).default(5).meta({ description: 'Positions lost that count from 11 to 20.' }),
    deepDrop: z.number().min(1).max(100).default(10).meta({ description: 'Positions lost that count from 21 to 50.' }),
    madFloor: madFloor(0.7),
    newBaselineDays: z
      .number()
      .int()
      .min(1)
      .max(90)
      .default(14)
      .meta({ description: 'Days after which the new position is what is usual.' }),
  }),
})
