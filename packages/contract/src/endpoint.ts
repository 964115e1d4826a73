import { z } from 'zod'
import type { CsvAnswer, CsvBody } from './csv.ts'

/**
 * What a caller must hold: nothing, a signed-in person of any org, a signed-in member of the org in whatever role, or a credential of
 * the org with at least this scope.
 * Roles map to scopes: viewer → read, editor → write, admin → admin, owner → owner. API keys carry a scope of their own, never owner.
 */
export type Needs = 'nothing' | 'person' | 'member' | 'read' | 'write' | 'admin' | 'owner'

export interface EndpointDefinition<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  readonly id: string
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete'
  /** As in OpenAPI: `/v1/sites/{siteId}`. */
  readonly path: string
  readonly doc: string
  readonly needs: Needs
  readonly params: Params
  readonly query: Query
  /** Undefined: the endpoint takes no body. */
  readonly body: Body | undefined
  /** Undefined: the body is JSON. */
  readonly csv: CsvBody | undefined
  /** Undefined: the answer is JSON, whatever is asked for. */
  readonly csvAnswer: CsvAnswer | undefined
  readonly status: 200 | 201 | 202 | 204
  /** `z.void()` for 204. */
  readonly answer: Answer
}

const nothing = z.strictObject({})

/** The one declaration from which validation, OpenAPI, docs/api.md and the SDK's typed call derive. Unknown fields are refused everywhere. */
export function defineEndpoint<
  Answer extends z.ZodType,
  Params extends z.ZodObject = typeof nothing,
  Query extends z.ZodObject = typeof nothing,
  Body extends z.ZodType = z.ZodUndefined,
>(
  id: string,
  definition: {
    method: EndpointDefinition['method']
    path: string
    doc: string
    needs: Needs
    params?: Params
    query?: Query
    body?: Body
    csv?: CsvBody | undefined
    csvAnswer?: CsvAnswer | undefined
    status?: EndpointDefinition['status']
    answer: Answer
  },
): EndpointDefinition<Params, Query, Body, Answer> {
  return {
    id,
    method: definition.method,
    path: definition.path,
    doc: definition.doc,
    needs: definition.needs,
    params: definition.params ?? (nothing as unknown as Params), // The default of the type parameter is this very schema.
    query: definition.query ?? (nothing as unknown as Query),
    body: definition.body,
    csv: definition.csv,
    csvAnswer: definition.csvAnswer,
    status: definition.status ?? (definition.method === 'post' ? 201 : 200),
    answer: definition.answer,
  }
}

export const pageLimitMax = 200

/** Query of every list, newest first unless asked otherwise. */
export const pageQuery = {
  cursor: z.string().max(512).optional().meta({ description: 'The nextCursor of the page before.' }),
  limit: z.coerce.number().int().min(1).max(pageLimitMax).default(50),
  sort: z.enum(['newest', 'oldest']).default('newest').meta({ description: 'A cursor goes on in the order that is asked for.' }),
}

/** A page of a list. `asOf` is the journal's seq it was read at: the stream continues from there. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ data: z.array(item), nextCursor: z.string().nullable(), asOf: z.number().int().nonnegative() })

export const Timestamp = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' })
