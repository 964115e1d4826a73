import { z } from 'zod'
import { defineRule } from '../rule.ts'
import { rankingFields } from './ranking-fields.ts'

export const rankLost = defineRule('rank.lost', {
  type: 'ranking_drop',
  title: 'Keyword is lost',
  doc: 'The site was found for a tracked keyword on every day of the week before and is now not among the results at all, in two good measurements that looked as deep as before. A list that was marked partial, or that looked less deep, says nothing. Over when it is found twice.',
  impact: 'Nobody who searches for this keyword finds the site any more.',
  action: 'Check whether the page that ranked still exists, may be indexed, and is not redirected.',
  config: z.strictObject({
    ...rankingFields,
    marginFloor: z
      .number()
      .min(1)
      .max(50)
      .default(1)
      .meta({ description: 'Positions that a keyword must at least have fallen to be out of sight.' }),
    marginShare: z
      .number()
      .min(0)
      .max(1)
      .default(0.1)
      .meta({ description: 'The same as a share of its position: deep places waver more.' }),
  }),
})
