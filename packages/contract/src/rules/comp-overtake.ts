import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const compOvertake = defineRule('comp.overtake', {
  type: 'competitor_surge',
  title: 'Competitor has passed the site',
  doc: 'On a tracked keyword a competitor that stood behind the site on every good day stands before it, twice, because it rose: a competitor that only stays where it is while the site falls is told as a drop. Over when the site leads twice.',
  impact: 'Visits that came to the site now go to the competitor.',
  action: "Read the competitor's page: what does it answer that yours does not, and who links to it?",
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
