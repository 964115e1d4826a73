import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const ctUnexpected = defineRule('ct.unexpected', {
  type: 'security_issue',
  title: 'Unexpected certificate',
  doc: 'The public logs show a certificate of the domain from an issuer that it did not use before, or for a name that had none. Over when it is accepted, or has become usual.',
  impact: 'With a certificate of your domain somebody else can pose as your site.',
  action: 'Ask who ordered it. If nobody did, have the issuer revoke it and look after the access to your DNS.',
  config: z.strictObject({
    learnDays: z
      .number()
      .int()
      .min(7)
      .max(180)
      .default(30)
      .meta({ description: 'Days after which an issuer or a name is usual.' }),
  }),
})
