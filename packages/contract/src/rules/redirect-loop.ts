import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const redirectLoop = defineRule('redirect.loop', {
  type: 'technical_error',
  title: 'Redirect never ends',
  doc: 'Following the redirects of an address leads back to an address already seen, or takes more than ten hops. Over when it takes two hops at most.',
  impact: 'Neither visitors nor search engines can reach the page.',
  action: 'Correct the redirect rules so that every address ends at a page.',
  config: z.strictObject({
    hopsMax: z
      .number()
      .int()
      .min(3)
      .max(10)
      .default(10)
      .meta({ description: 'Redirects after which an address counts as never arriving.' }),
  }),
})
