import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const rankGsc = defineRule('rank.gsc', {
  type: 'ranking_drop',
  title: 'Ranks lower in Google',
  doc: 'By the final figures of Search Console, a page stands clearly lower for a query than in the four weeks before: over a whole week, weighted by how often it was seen, and by more than its days usually differ. Days on which Google is known to have counted wrongly are left out. Over when it is back, or nearly.',
  impact: 'Fewer people who search for this see the page, and fewer of them click.',
  action:
    'See what changed on the page, in the links to it and among those who now stand above it; whether Google updated its ranking in these days is said with the evidence.',
  config: z.strictObject({
    minDelta: z.number().min(0.5).max(50).default(3).meta({ description: 'Positions lost, weighted by impressions.' }),
    minImpressions: z
      .number()
      .int()
      .min(10)
      .max(100_000)
      .default(100)
      .meta({ description: 'Impressions in the last 7 final days that it takes to judge a query on a page.' }),
    minT: z.number().min(2).max(10).default(3).meta({ description: 'How many standard errors the loss must be, by days.' }),
    resolveDelta: z.number().min(0).max(50).default(1).meta({ description: 'Below so many positions lost it is over.' }),
    clicksLostPercent: z
      .number()
      .min(5)
      .max(95)
      .default(30)
      .meta({ description: 'When clicks fell by so many per cent as well, beyond chance, it is high.' }),
    threatsMax: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(25)
      .meta({ description: 'Queries reported at once; those by which most is lost come first.' }),
  }),
})
