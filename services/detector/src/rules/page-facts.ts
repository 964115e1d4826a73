import { z } from 'zod'
import type { PageFault, PageObservation } from '../crawler/observation.ts'

const faults = [
  'timeout',
  'refused',
  'tls',
  'dns',
  'blocked_address',
  'aborted',
  'protocol',
  'redirect_loop',
  'redirect_limit',
  'rate_limited',
  'challenge',
  'robots_disallowed',
] as const satisfies readonly PageFault[]

/** What evidence holds of the answer of a page; `evidenceOf` writes it. */
export const PageFacts = z.object({
  url: z.string(),
  status: z.number().int().nullable(),
  fault: z.enum(faults).nullable(),
  hops: z.array(z.object({ url: z.string(), status: z.number().int() })).default([]),
  /** Absent: it is the address itself. */
  finalUrl: z.string().optional(),
})
export type PageFacts = z.infer<typeof PageFacts>

/** The part of an observation on which `contentOf` and its kind depend. */
export type Answered = Pick<PageObservation, 'url' | 'hops' | 'finalUrl' | 'status' | 'fault'>

export const answeredOf = (facts: PageFacts): Answered => ({ ...facts, finalUrl: facts.finalUrl ?? facts.url })

/** 0–10, of the page at the time. */
export const Importance = z.number()
