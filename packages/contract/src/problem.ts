import { z } from 'zod'
import { refusalCodes } from './refusal.ts'

/** RFC 9457. Every answer that is not 2xx or 304 has this shape. */
export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z.enum([...refusalCodes, 'internal']),
    detail: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })),
    requestId: z.string(),
  })
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>
