import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const mixed = defineRule('mixed', {
  type: 'security_issue',
  title: 'Secure page loads insecure content',
  doc: 'A page served over https loads scripts, styles, frames, images or media over http, or sends a form there. Over when none is left.',
  impact: 'Browsers block such scripts and styles and mark the page as not secure; what a form sends can be read on the way.',
  action: 'Load the resources listed over https.',
  config: z.strictObject({}),
})
