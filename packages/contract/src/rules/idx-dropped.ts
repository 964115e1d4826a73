import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxDropped = defineRule('idx.dropped', {
  type: 'indexation_problem',
  title: 'Dropped from Google’s index',
  doc: 'A page that was in the index is not any more, by two inspections of Google’s in a row. Over when Google says that it is back.',
  impact: 'Nobody finds the page in Google.',
  action:
    'Google’s own reason is in the evidence: it may be a noindex, robots.txt, an error, a duplicate or too little worth. Repair it and ask for indexing in Search Console.',
  config: z.strictObject({
    importantFrom: z
      .number()
      .min(0)
      .max(10)
      .default(8)
      .meta({ description: 'From this importance of a page on it is one step more severe.' }),
  }),
})
