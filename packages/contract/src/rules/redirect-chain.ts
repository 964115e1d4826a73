import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const redirectChain = defineRule('redirect.chain', {
  type: 'technical_error',
  title: 'Redirect takes several hops',
  doc: 'An address takes three or more redirects to its page. Over when it takes two at most.',
  impact: 'Every hop costs visitors time, and crawlers may give up before the end.',
  action: 'Redirect the first address to the last one directly.',
  config: z.strictObject({
    hopsMin: z.number().int().min(2).max(10).default(3).meta({ description: 'Redirects from which they are too many.' }),
  }),
})
