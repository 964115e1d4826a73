import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const spamGsc = defineRule('spam.gsc', {
  type: 'security_issue',
  title: 'Found in Google for spam',
  doc: 'Google shows the site for queries that are new and not of its kind: in a script in which nobody searched for it before, or about pills, gambling and the like. Usually somebody has put pages into a hacked site. Over when such queries have all but ceased for a week.',
  impact: 'The site lends its name to spam. Google may mark it as hacked or drop it, and visitors may be led elsewhere.',
  action:
    'Search Google for site: and one of these queries, remove the pages you did not make, close the hole through which they came, and ask for a review in Search Console.',
  config: z.strictObject({
    minImpressions: z
      .number()
      .int()
      .min(5)
      .max(100_000)
      .default(50)
      .meta({ description: 'Impressions of such queries in the last 7 final days from which on it counts.' }),
    resolveImpressions: z
      .number()
      .int()
      .min(1)
      .max(10_000)
      .default(5)
      .meta({ description: 'Below so many in 7 days it is over.' }),
    ownSharePercent: z
      .number()
      .min(0.1)
      .max(50)
      .default(1)
      .meta({ description: 'A script or a subject with such a share of the impressions of the weeks before is the site’s own.' }),
  }),
})
