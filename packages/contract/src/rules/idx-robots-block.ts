import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxRobotsBlock = defineRule('idx.robots_block', {
  type: 'indexation_problem',
  title: 'robots.txt blocks important pages',
  doc: 'A line of robots.txt now keeps Googlebot away from important pages that it was allowed to visit before. Over when they are allowed again.',
  impact: 'Search engines stop visiting these pages, and they fade from the results.',
  action: 'Remove or narrow the line of robots.txt that is named.',
  config: z.strictObject({}),
})
