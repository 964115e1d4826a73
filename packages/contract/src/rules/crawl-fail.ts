import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const crawlFail = defineRule('crawl.fail', {
  type: 'technical_error',
  title: 'Much of the site can no longer be reached',
  doc: 'A complete crawl reached fewer than 80 % of the pages that the crawl before reached. Over when 95 % are reached again, or when the loss is acknowledged.',
  impact: 'What a crawler cannot reach, search engines lose as well.',
  action: 'Look at the pages listed: do they fail, or does nothing link to them any more?',
  config: z.strictObject({
    coverageMin: z
      .number()
      .min(0.1)
      .max(0.99)
      .default(0.8)
      .meta({ description: 'Share of the pages of the crawl before that must be reached.' }),
    resolvedFrom: z.number().min(0.1).max(1).default(0.95).meta({ description: 'Share from which it is over.' }),
    pagesMin: z
      .number()
      .int()
      .min(2)
      .max(1_000)
      .default(5)
      .meta({ description: 'Sites with fewer pages have no share worth the name.' }),
  }),
})
