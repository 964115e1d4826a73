import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const hdrRegress = defineRule('hdr.regress', {
  type: 'security_issue',
  title: 'Security header has become weaker',
  doc: 'A security header is missing or weaker than when the baseline was taken. Over when it is as strong as before.',
  impact: 'Attacks that the header used to stop work again in the browsers of visitors.',
  action: "Restore the header in the server's or CDN's configuration.",
  config: z.strictObject({}),
})
