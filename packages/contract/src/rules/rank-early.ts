import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const rankEarly = defineRule('rank.early', {
  type: 'ranking_drop',
  title: 'May be losing rank in Google',
  doc: 'In the last 24 complete hours the site stood clearly lower for a query than in the same hours a week ago. These figures of Search Console are not final. Over when the position is back, or when the final figures are in: they decide.',
  impact: 'If it lasts, fewer people who search for this see the site.',
  action: 'Nothing yet, unless something was released or moved in these hours: then look at the pages that stand for this query.',
  config: z.strictObject({
    minDelta: z.number().min(0.5).max(50).default(3).meta({ description: 'Positions lost, weighted by impressions.' }),
    minImpressions: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(50)
      .meta({ description: 'Impressions in 24 hours, now and a week ago, that it takes to judge a query.' }),
    minT: z.number().min(2).max(10).default(3).meta({ description: 'How many standard errors the loss must be, by hours.' }),
    resolveDelta: z.number().min(0).max(50).default(1).meta({ description: 'Below so many positions lost it is over.' }),
    threatsMax: z.number().int().min(1).max(500).default(25).meta({ description: 'Queries reported at once.' }),
  }),
})
