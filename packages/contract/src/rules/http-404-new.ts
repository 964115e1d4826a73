import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const http404New = defineRule('http.404_new', {
  type: 'technical_error',
  title: 'Page has disappeared',
  doc: 'A page that used to answer 200 now answers 404 or 410 and is still linked or listed in the sitemap. Over when it answers again, or when nothing points to it any more.',
  impact: 'Visitors and search engines that follow a link meet a dead end, and its ranking is lost within days.',
  action: 'Restore the page, redirect it to its successor, or remove the links and the sitemap entry.',
  config: z.strictObject({
    importantFrom: z
      .number()
      .min(1)
      .max(10)
      .default(8)
      .meta({ description: 'Importance of a page (0–10) from which the fault weighs one step more.' }),
  }),
})
