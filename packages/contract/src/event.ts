import { z } from 'zod'
import { Actor } from './actor.ts'
import { OrgId } from './ids.ts'

export interface EventDefinition<Type extends string = string, Data extends z.ZodType = z.ZodType> {
  readonly type: Type
  readonly doc: string
  /** Durable events are numbered and kept in the org's journal; ephemeral ones are only published and may be lost. */
  readonly durable: boolean
  readonly data: Data
}

/** The one declaration from which schema, type, channel, frame, webhook type and documentation of an event derive. */
export function defineEvent<const Type extends string, Data extends z.ZodType>(
  type: Type,
  definition: { doc: string; data: Data; durable?: boolean },
): EventDefinition<Type, Data> {
  return { type, doc: definition.doc, durable: definition.durable ?? true, data: definition.data }
}

export type DataOf<Definition extends EventDefinition> = z.infer<Definition['data']>

/** What travels on Redis, in the journal's pages and inside SSE frames. `seq` is null when the event is ephemeral. */
export interface Envelope<Type extends string = string, Data = unknown> {
  seq: number | null
  type: Type
  orgId: OrgId
  /** RFC 3339, UTC. */
  at: string
  actor: Actor
  data: Data
}

export const Envelope = z
  .object({
    seq: z.number().int().positive().nullable(),
    type: z.string(),
    orgId: OrgId,
    at: z.iso.datetime(),
    actor: Actor,
    data: z.unknown(),
  })
  .meta({ id: 'Event', description: 'One event of an org. Durable events carry a seq; ephemeral ones carry null.' })

export const channelOf = (orgId: OrgId, type: string): string => `org:${orgId}:${type}`

/** Rung, without a word, when a durable event of this type was published for any org: for those who then look for work in tables. */
export const workChannelOf = (type: string): `work:${string}` => `work:${type}`

/** A subscription pattern: an event type, `slice.*`, or `*`. */
export const EventPattern = z
  .string()
  .max(64)
  .regex(/^(\*|[a-z_]+\.\*|[a-z_]+\.[a-z_]+)$/, 'Must be an event type, "slice.*" or "*".')
  .meta({ id: 'EventPattern', example: 'threat.*' })

export function matchesPattern(pattern: string, type: string): boolean {
  if (pattern === '*') return true
  if (pattern.endsWith('.*')) return type.startsWith(pattern.slice(0, -1))
  return pattern === type
}

export const matchesAny = (patterns: readonly string[], type: string): boolean =>
  patterns.some((pattern) => matchesPattern(pattern, type))
