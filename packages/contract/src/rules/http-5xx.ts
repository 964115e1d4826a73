import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const http5xx = defineRule('http.5xx', {
  type: 'technical_error',
  title: 'Page answers with a server error',
  doc: 'The page answers 5xx, breaks the connection or does not answer in time. Over when it has answered normally twice.',
  impact: 'Visitors see an error, and search engines slow down and drop pages that keep failing.',
  action: "Look at the server's error log for this address, and at what was deployed last.",
  config: z.strictObject({
    importantFrom: z
      .number()
      .min(1)
      .max(10)
      .default(8)
      .meta({ description: 'Importance of a page (0–10) from which the fault weighs one step more.' }),
    criticalShare: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.05)
      .meta({ description: 'Share of the pages of a crawl that fail, from which every one of them is critical.' }),
    criticalPagesMin: z
      .number()
      .int()
      .min(2)
      .max(1_000)
      .default(2)
      .meta({ description: 'So many pages must fail before their share counts: one page is no share of a crawl.' }),
  }),
})
