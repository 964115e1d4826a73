import { z } from 'zod'
import { defineRule } from '../rule.ts'
import { madFloor, rankingFields } from './ranking-fields.ts'

export const compOvertake = defineRule('comp.overtake', {
  type: 'competitor_surge',
  title: 'Competitor has passed the site',
  doc: 'On a tracked keyword a competitor that stood behind the site on every good day stands before it, twice, because it rose: a competitor that only stays where it is while the site falls is told as a drop. Over when the site leads twice.',
  impact: 'Visits that came to the site now go to the competitor.',
  action: "Read the competitor's page: what does it answer that yours does not, and who links to it?",
  config: z.strictObject({
    ...rankingFields,
    madFloor: madFloor(0.3),
    ownMoveMin: z
      .number()
      .min(0)
      .max(10)
      .default(0.5)
      .meta({ description: 'Positions that the site must have lost in the same time.' }),
    topPosition: z
      .number()
      .min(1)
      .max(10)
      .default(3)
      .meta({ description: 'Up to this former position of the site it is severe.' }),
  }),
})
