import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const linkBroken = defineRule('link.broken', {
  type: 'technical_error',
  title: 'Internal link is broken',
  doc: 'A link inside the site leads to an address that answers with an error. Over when the address answers or the link is gone.',
  impact: 'Visitors meet a dead end, and crawling effort is wasted.',
  action: 'Correct or remove the link on the pages listed.',
  config: z.strictObject({}),
})
