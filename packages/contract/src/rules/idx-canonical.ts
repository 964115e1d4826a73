import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxCanonical = defineRule('idx.canonical', {
  type: 'indexation_problem',
  title: 'Canonical link is wrong',
  doc: 'The canonical link of a page leads to an error, a redirect, a page that may not be indexed, or in a circle; there are several that disagree; or all pages name the home page. Over when it is valid.',
  impact: 'Search engines may drop the page in favour of one that cannot be shown.',
  action: 'Let the page name its own final address, or that of the page it duplicates, once and absolutely.',
  config: z.strictObject({
    rootShareMin: z
      .number()
      .min(0.1)
      .max(1)
      .default(0.5)
      .meta({ description: 'Share of all pages that name the home page, from which that is a fault of the site.' }),
    rootPagesMin: z
      .number()
      .int()
      .min(2)
      .max(1_000)
      .default(3)
      .meta({ description: 'So many pages must name the home page: a few duplicates of it are normal.' }),
  }),
})
