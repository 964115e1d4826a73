import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxRobotsBlock = defineRule('idx.robots_block', {
  type: 'indexation_problem',
  title: 'robots.txt blocks important pages',
  doc: 'A line of robots.txt now keeps Googlebot away from important pages that it was allowed to visit before. Over when they are allowed again.',
  impact: 'Search engines stop visiting these pages, and they fade from the results.',
  action: 'Remove or narrow the line of robots.txt that is named.',
  config: z.strictObject({
    criticalShare: z
      .number()
      .min(0.01)
      .max(1)
      .default(0.1)
      .meta({ description: 'Share of the known pages that one line hides, from which it is critical whatever they are.' }),
    importantFrom: z
      .number()
      .min(1)
      .max(10)
      .default(8)
      .meta({ description: 'Importance (0–10) from which a single hidden page is told.' }),
  }),
})
