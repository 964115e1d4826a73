import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxCanonicalGoogle = defineRule('idx.canonical_google', {
  type: 'indexation_problem',
  title: 'Google chose another canonical',
  doc: 'Asked twice, days apart, Google named another address as the canonical one than the page itself does. Over when both are the same.',
  impact: 'Google shows the other address instead of this one, or takes two pages for one.',
  action: 'Make the two pages differ, or let links, sitemap, redirects and hreflang all name the address that you want.',
  config: z.strictObject({
    minDaysApart: z
      .number()
      .min(1)
      .max(30)
      .default(3)
      .meta({ description: 'How many days lie between the two inspections at least.' }),
    importantFrom: z
      .number()
      .min(0)
      .max(10)
      .default(8)
      .meta({ description: 'From this importance of a page on it is one step more severe.' }),
  }),
})
