import { z } from 'zod'
import { type Refusal, refusalCodes } from './refusal.ts'

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

/** The HTTP status and the name of each way to say no, and of a fault of ours. */
const kinds = {
  malformed: { status: 400, title: 'Malformed request' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  conflict: { status: 409, title: 'Conflict' },
  precondition_failed: { status: 412, title: 'Changed in the meantime' },
  too_large: { status: 413, title: 'Too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  invalid: { status: 422, title: 'Not valid' },
  limit_reached: { status: 429, title: 'Limit reached' },
  unavailable: { status: 503, title: 'Not available at the moment' },
  internal: { status: 500, title: 'Internal error' },
} satisfies Record<Problem['code'], { status: number; title: string }>

/** A refusal as its answer; null is a fault of ours, of which the caller learns no more than its request id. */
export function problemFor(refusal: Refusal | null, requestId: string): Problem {
  const code = refusal?.code ?? 'internal'
  return {
    type: `urn:tocsin:problem:${code}`,
    ...kinds[code],
    code,
    detail: refusal?.message ?? 'Something went wrong on our side. The log has more under this request id.',
    errors: refusal?.issues ?? [],
    requestId,
  }
}
