import { Envelope } from '@tocsin/contract/event'
import { eventDefinition, type OrgEvent } from '@tocsin/contract/events/catalog'
import { z } from 'zod'
import { ApiError } from './api-error.ts'

/** The first frame of a stream. `seq` is where it starts. */
export const Connected = z.object({ seq: z.number().int().nonnegative(), heartbeatMs: z.number().positive() })
export const Reset = z.object({ reason: z.enum(['expired', 'ahead', 'overflow']), seq: z.number().int().optional() })

/** unknown: a newer server's event, which this version cannot mean anything by. unreadable: one we know, in a shape we do not. */
export type ReadEvent = { seq: number | null; event: OrgEvent | 'unknown' | 'unreadable' }

export function readEvent(json: unknown): ReadEvent {
  const envelope = Envelope.safeParse(json)
  if (!envelope.success) throw new ApiError('unreadable', 'What came over the stream is no event.', { cause: envelope.error })
  const { seq, type } = envelope.data
  const definition = eventDefinition(type)
  if (!definition) return { seq, event: 'unknown' }
  const data = definition.data.safeParse(envelope.data.data)
  if (!data.success) return { seq, event: 'unreadable' }
  // The definition that has this type has just parsed this data, which is what OrgEvent says of the pair.
  return { seq, event: { ...envelope.data, data: data.data } as OrgEvent }
}

export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ApiError('unreadable', 'What came over the stream is not JSON.', { cause })
  }
}
