import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxRobotsChanged = defineRule('idx.robots_changed', {
  type: 'indexation_problem',
  title: 'robots.txt has changed',
  doc: 'The rules of robots.txt have changed in meaning; comments and order do not count. Over when the change is acknowledged or taken back.',
  impact: 'Search engines may now visit other pages than before.',
  action: 'Check that the change was meant, then acknowledge it.',
  config: z.strictObject({}),
})
