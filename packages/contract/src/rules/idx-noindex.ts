import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxNoindex = defineRule('idx.noindex', {
  type: 'indexation_problem',
  title: 'Page has become noindex',
  doc: 'A page that could be indexed now tells search engines not to, in its HTML or in the X-Robots-Tag header. Over when the instruction was gone twice.',
  impact: 'Search engines drop the page the next time they visit it, and its traffic ends.',
  action: 'Remove the noindex instruction, or accept it if the page is meant to stay out of search results.',
  config: z.strictObject({
    importantFrom: z
      .number()
      .min(1)
      .max(10)
      .default(8)
      .meta({ description: 'Importance of a page (0–10) from which the fault weighs one step more.' }),
  }),
})
