import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const spamCloak = defineRule('spam.cloak', {
  type: 'security_issue',
  title: 'Google or its visitors get another page',
  doc: 'A page answers differently to us, to Googlebot, and to visitors who come from a search: another text, spam in one of them only, or a redirect. Seen in two rounds. Over when all get the same twice.',
  impact:
    'Hacked sites do this to sell medicine or casinos under your name without your seeing it; search engines remove such sites.',
  action: 'Open the page with the user agent named and look at what comes. Look for changed files on the server and clean them.',
  config: z.strictObject({
    similarityMin: z
      .number()
      .min(0.1)
      .max(0.95)
      .default(0.6)
      .meta({ description: 'Share of their texts that all answers must have in common.' }),
    termsMin: z
      .number()
      .int()
      .min(1)
      .max(30)
      .default(3)
      .meta({ description: 'Spam terms or hidden links in one answer only that are too many.' }),
  }),
})
