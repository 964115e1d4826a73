import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxRobotsUnreachable = defineRule('idx.robots_unreachable', {
  type: 'indexation_problem',
  title: 'robots.txt cannot be read',
  doc: 'robots.txt answers 5xx or 429, or its host cannot be reached. Critical after 30 minutes. Over when it was readable twice; a plain 404 is readable and means that everything is allowed.',
  impact: 'Search engines treat the whole site as forbidden for as long as it lasts.',
  action: 'Make /robots.txt answer 200, or 404 if there is none.',
  config: z.strictObject({
    criticalAfterMinutes: z
      .number()
      .int()
      .min(1)
      .max(1_440)
      .default(30)
      .meta({ description: 'Minutes after which it is critical: until then search engines use what they remember of the file.' }),
  }),
})
