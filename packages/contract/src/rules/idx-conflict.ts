import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxConflict = defineRule('idx.conflict', {
  type: 'indexation_problem',
  title: 'noindex behind robots.txt cannot be seen',
  doc: 'Pages say noindex, but robots.txt keeps search engines from reading it. Over when they may be visited or no longer say noindex.',
  impact: 'Search engines never learn that the pages are to be left out, and may list their addresses all the same.',
  action:
    'Let robots.txt allow the pages until they are gone from the results, or drop the noindex if the block is what is meant.',
  config: z.strictObject({}),
})
