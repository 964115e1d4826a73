import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const linkExternal = defineRule('link.external', {
  type: 'technical_error',
  title: 'Link to another site is dead',
  doc: 'An address on another site to which pages link was gone (404, 410, or no such host) in three checks over a day. Walls against programs (401, 403, 429, 999, captchas) and server errors prove nothing. Over when it answers or the link is gone.',
  impact: 'Visitors leave into nowhere, and pages with dead links are trusted less.',
  action: 'Correct or remove the link on the pages listed.',
  config: z.strictObject({
    checks: z.number().int().min(2).max(10).default(3).meta({ description: 'Checks in a row that must find the address gone.' }),
    overHours: z
      .number()
      .int()
      .min(1)
      .max(168)
      .default(24)
      .meta({ description: 'Hours between the first and the last of these checks, at least.' }),
  }),
})
