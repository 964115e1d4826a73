import { z } from 'zod'

/** What a page tells search engines, of one state of it. The page itself is asked, and may answer with whatever it likes: this is the limit. */
export const Told = z.object({
  /** The contents of meta robots and googlebot, lower case. */
  robots: z.array(z.string().max(200)).max(10),
  canonical: z.string().max(2_048).nullable(),
})
export type Told = z.infer<typeof Told>

/** The HTML as it came, and the page once its scripts had run, in each of two loads or more. */
export const RenderedFacts = z.object({ status: z.number(), html: Told, dom: z.array(Told) })
export type RenderedFacts = z.infer<typeof RenderedFacts>

/** Milliseconds, and a score for CLS. Total blocking time stands in for INP, which needs somebody who interacts. */
export const Measured = z.object({ LCP: z.number(), FCP: z.number(), CLS: z.number(), TTFB: z.number(), TBT: z.number() })
export type Measured = z.infer<typeof Measured>
export const labMetrics = ['LCP', 'TBT', 'CLS', 'FCP', 'TTFB'] as const satisfies readonly (keyof Measured)[]
export type LabMetric = (typeof labMetrics)[number]
