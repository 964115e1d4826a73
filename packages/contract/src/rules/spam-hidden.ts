import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const spamHidden = defineRule('spam.hidden', {
  type: 'security_issue',
  title: 'Hidden links or words of spam have appeared',
  doc: 'Pages hold links to other sites that nobody can see, or words of medicine, casino, replica and loan spam, and did not before. Over when they are gone twice.',
  impact: 'Search engines take the site for a seller of links or for hacked, and rank it down or leave it out.',
  action: 'Remove the links and find out how they came in: an old plugin, a stolen password, a changed template.',
  config: z.strictObject({
    linksMin: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(3)
      .meta({ description: 'New hidden links on one page that are too many.' }),
    termsMin: z
      .number()
      .int()
      .min(2)
      .max(30)
      .default(3)
      .meta({ description: 'New terms of spam on one page that are too many.' }),
  }),
})
