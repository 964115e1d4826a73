import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const hdrRegress = defineRule('hdr.regress', {
  type: 'security_issue',
  title: 'Security header has become weaker',
  doc: 'A security header is missing or weaker than when the baseline was taken. Over when it is as strong as before.',
  impact: 'Attacks that the header used to stop work again in the browsers of visitors.',
  action: "Restore the header in the server's or CDN's configuration.",
  config: z.strictObject({
    highFrom: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(20)
      .meta({ description: 'Points lost from which it is the loss of a whole protection.' }),
    mediumFrom: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .meta({ description: 'Points lost from which a protection has become weaker.' }),
  }),
})
