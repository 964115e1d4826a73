import { z } from 'zod'
import { defineRule } from '../rule.ts'

export const idxSitemap = defineRule('idx.sitemap', {
  type: 'indexation_problem',
  title: 'Sitemap is faulty',
  doc: 'A sitemap cannot be read, is too large, does not answer 200, or lists pages that are not to be indexed, are forbidden by robots.txt, redirect or are gone. Over when it is clean.',
  impact: 'Search engines find new and changed pages later, and trust the sitemap less.',
  action: 'Mend the sitemap, or what writes it, so that it lists only final addresses of pages that should be found.',
  config: z.strictObject({
    urlsMax: z.number().int().min(100).max(50_000).default(50_000).meta({ description: 'Addresses in one sitemap, at most.' }),
    megabytesMax: z.number().min(1).max(50).default(50).meta({ description: 'Size of one sitemap, unpacked, at most.' }),
  }),
})
