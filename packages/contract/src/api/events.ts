import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { Envelope } from '../event.ts'

export const EventPage = z
  .object({
    data: z.array(Envelope),
    head: z.number().int().meta({ description: 'The seq of the newest event.' }),
    reset: z.enum(['expired', 'ahead']).nullable().meta({
      description: 'Set when `after` is no longer (or not yet) in the journal: take a fresh snapshot and go on from head.',
    }),
  })
  .meta({ id: 'EventPage' })

export const listEvents = defineEndpoint('listEvents', {
  method: 'get',
  path: '/v1/events',
  doc: 'The journal of the org after a seq, in order. With wait, the answer comes with the first event or after that many seconds.',
  needs: 'read',
  query: z.strictObject({
    after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
    limit: z.coerce.number().int().min(1).max(1000).default(200),
    wait: z.coerce.number().int().min(0).max(25).default(0),
    events: z.string().max(2000).optional().meta({ description: 'Patterns, separated by commas: threat.*,scan.completed' }),
  }),
  answer: EventPage,
})
