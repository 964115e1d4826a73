import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxNoindexJs = defineRule('idx.noindex_js', {
  type: 'indexation_problem',
  title: 'A script makes a page noindex',
  doc: 'A page whose HTML may be indexed says noindex, or names another page as its canonical, once its scripts have run: search engines judge what they see then. Needs a detector with a Chromium. Over when the instruction was gone twice.',
  impact: 'Search engines drop the page the next time they render it, though its source looks right.',
  action: 'Look for the script or tag manager rule that writes the robots or canonical tag, or accept it if it is meant.',
  config: z.strictObject({
    importantFrom: z
      .number()
      .min(1)
      .max(10)
      .default(8)
      .meta({ description: 'Importance of a page (0–10) from which the fault weighs one step more.' }),
  }),
})
