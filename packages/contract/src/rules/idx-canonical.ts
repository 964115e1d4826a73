import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxCanonical = defineRule('idx.canonical', {
  type: 'indexation_problem',
  title: 'Canonical link is wrong',
  doc: 'The canonical link of a page leads to an error, a redirect, a page that may not be indexed, or in a circle; there are several that disagree; or all pages name the home page. Over when it is valid.',
  impact: 'Search engines may drop the page in favour of one that cannot be shown.',
  action: 'Let the page name its own final address, or that of the page it duplicates, once and absolutely.',
  config: z.strictObject({}),
})
