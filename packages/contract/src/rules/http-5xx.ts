import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const http5xx = defineRule('http.5xx', {
  type: 'technical_error',
  title: 'Page answers with a server error',
  doc: 'The page answers 5xx, breaks the connection or does not answer in time. Over when it has answered normally twice.',
  impact: 'Visitors see an error, and search engines slow down and drop pages that keep failing.',
  action: "Look at the server's error log for this address, and at what was deployed last.",
  config: z.strictObject({}),
})
