import { z } from 'zod'

/**
 * What is kept about a page between scans, as JSON. It holds what the page is when it is well: `indexable`, `allowedByRobots` and
 * `lastOkAt` do not follow a fault, so a fault looks new in every scan until it is repaired (or, found on day one, is expected).
 * `rememberPage` in remember.ts computes the next one.
 */
export const PageMemory = z.object({
  status: z.number().int().nullable(),
  /** When it last answered 200 without a redirect. */
  lastOkAt: z.iso.datetime().nullable(),
  indexable: z.boolean(),
  allowedByRobots: z.boolean(),
  /** Whether it said noindex when it was last seen. */
  noindex: z.boolean().default(false),
  inlinks: z.number().int(),
  inSitemap: z.boolean(),
  importance: z.number(),
})
export type PageMemory = z.infer<typeof PageMemory>
