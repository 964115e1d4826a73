import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const compNewpage = defineRule('comp.newpage', {
  type: 'competitor_surge',
  title: 'Competitor has a new page in the results',
  doc: 'A page of a competitor that was never among the results of the tracked keywords is now among those of three of them. Keywords that were not followed before do not count. Over after 30 days.',
  impact: 'A competitor has published something that search engines like for what you are found for.',
  action: 'Read it, and decide whether your own page on the subject needs more.',
  config: z.strictObject({
    minKeywords: z.number().int().min(1).max(100).default(3).meta({ description: 'Keywords among whose results it is.' }),
    minDays: z
      .number()
      .int()
      .min(1)
      .max(30)
      .default(4)
      .meta({ description: 'Days on which a keyword was measured before the page appeared.' }),
    openDays: z.number().int().min(1).max(90).default(30).meta({ description: 'Days after which it is over.' }),
  }),
})
