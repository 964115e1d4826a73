import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import type { OrgId } from '@tocsin/contract/ids'
import type { z } from 'zod'
import { ApiError, errorOfResponse } from './api-error.ts'

/** Programs hold an API key (or a realtime token); a page on the same origin rides on the session cookie and proves it with the CSRF token. */
export type Credential = { bearer: string } | { csrfToken: string } | null

export interface ClientOptions {
  /** Where the API is; '' in a page that the API itself serves. */
  url: string
  credential: Credential
  /** The org a session's calls are about; an API key belongs to one anyway. */
  orgId?: OrgId
  fetch?: typeof fetch
}

type Shape<T extends z.ZodObject> = keyof T['shape']
type ParamsPart<P extends z.ZodObject> = Shape<P> extends never ? { params?: never } : { params: z.input<P> }
// Coerced fields take anything as input; what they become is what a caller means. Their defaults make all of them optional.
type QueryPart<Q extends z.ZodObject> = Shape<Q> extends never ? { query?: never } : { query?: Partial<z.output<Q>> }
type BodyPart<B extends z.ZodType> = undefined extends z.input<B> ? { body?: z.input<B> } : { body: z.input<B> }
type CallInput<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType> = ParamsPart<P> &
  QueryPart<Q> &
  BodyPart<B> & { signal?: AbortSignal; idempotencyKey?: string }
type Arguments<Input> = Record<string, never> extends Input ? [input?: Input] : [input: Input]

export interface Client {
  /** One call of the API: typed, given up after 30 s, and an ApiError whenever the answer is not the one that the contract promises. */
  call<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType, A extends z.ZodType>(
    endpoint: EndpointDefinition<P, Q, B, A>,
    ...input: Arguments<CallInput<P, Q, B>>
  ): Promise<z.output<A>>
  /** The same with a list as text/csv, for an endpoint that reads it; what else its body has stands in the query. */
  callWithCsv<P extends z.ZodObject, Q extends z.ZodObject, A extends z.ZodType>(
    endpoint: EndpointDefinition<P, Q, z.ZodType, A>,
    input: ParamsPart<P> & QueryPart<Q> & { csv: string; signal?: AbortSignal; idempotencyKey?: string },
  ): Promise<z.output<A>>
  /** A list as text/csv, from an endpoint that can answer so. */
  csvOf<P extends z.ZodObject, Q extends z.ZodObject>(
    endpoint: EndpointDefinition<P, Q>,
    input: ParamsPart<P> & QueryPart<Q> & { signal?: AbortSignal },
  ): Promise<string>
}

/** Longer than the longest long poll (25 s). */
const deadlineMs = 30_000

interface AnyInput {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  csv?: string
  accept?: string
  signal?: AbortSignal
  idempotencyKey?: string
}

export function createClient(options: ClientOptions): Client {
  // The argument types above admit exactly these parts; here they are read without knowing which endpoint it is.
  return {
    call: (endpoint, ...[input]) => answerOf(options, endpoint, input ?? {}),
    callWithCsv: (endpoint, input) => answerOf(options, endpoint, input),
    csvOf: async (endpoint, input) => {
      const response = await send(options, endpoint, { ...input, accept: 'text/csv' })
      if (!response.ok) throw await errorOfResponse(response)
      return await textOf(response)
    },
  }
}

async function answerOf<A extends z.ZodType>(
  options: ClientOptions,
  endpoint: EndpointDefinition<z.ZodObject, z.ZodObject, z.ZodType, A>,
  parts: AnyInput,
): Promise<z.output<A>> {
  const response = await send(options, endpoint, parts)
  if (!response.ok) throw await errorOfResponse(response)
  const parsed = endpoint.answer.safeParse(response.status === 204 ? undefined : await readJson(response))
  if (!parsed.success)
    throw new ApiError('unreadable', 'The server answered something this version of the client cannot read.', {
      status: response.status,
      cause: parsed.error,
    })
  return parsed.data
}

async function send(options: ClientOptions, endpoint: EndpointDefinition, parts: AnyInput): Promise<Response> {
  const deadline = AbortSignal.timeout(deadlineMs)
  const signal = parts.signal ? AbortSignal.any([parts.signal, deadline]) : deadline
  const request: RequestInit = {
    method: endpoint.method.toUpperCase(),
    headers: headersOf(options, endpoint, parts),
    signal,
    ...(contentTypeOf(parts) === null ? {} : { body: parts.csv ?? JSON.stringify(parts.body) }),
  }
  try {
    return await (options.fetch ?? fetch)(options.url + pathOf(endpoint.path, parts), request)
  } catch (cause) {
    if (parts.signal?.aborted) throw cause // Whoever called it off knows why.
    if (deadline.aborted) throw new ApiError('timeout', 'The server did not answer in time.', { cause })
    throw new ApiError('unreachable', 'The server cannot be reached.', { cause })
  }
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new ApiError('unreadable', 'The answer broke off or is not JSON.', { status: response.status, cause })
  }
}

async function textOf(response: Response): Promise<string> {
  try {
    return await response.text()
  } catch (cause) {
    throw new ApiError('unreadable', 'The answer broke off.', { status: response.status, cause })
  }
}

function headersOf(options: ClientOptions, endpoint: EndpointDefinition, parts: AnyInput): Record<string, string> {
  const { credential, orgId } = options
  const contentType = contentTypeOf(parts)
  return {
    accept: parts.accept ?? 'application/json',
    ...(contentType === null ? {} : { 'content-type': contentType }),
    ...(credential && 'bearer' in credential ? { authorization: `Bearer ${credential.bearer}` } : {}),
    ...(credential && 'csrfToken' in credential && endpoint.method !== 'get' ? { 'x-csrf-token': credential.csrfToken } : {}),
    ...(orgId ? { 'tocsin-org': orgId } : {}),
    ...(parts.idempotencyKey ? { 'idempotency-key': parts.idempotencyKey } : {}),
  }
}

function contentTypeOf({ body, csv }: AnyInput): string | null {
  if (csv !== undefined) return 'text/csv; charset=utf-8'
  return body === undefined ? null : 'application/json'
}

/** `/v1/sites/{siteId}` with its parameters filled in and the query behind it. */
function pathOf(template: string, parts: Pick<AnyInput, 'params' | 'query'>): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parts.params?.[name]
    if (typeof value !== 'string') throw new TypeError(`The path ${template} needs the parameter ${name}.`)
    return encodeURIComponent(value)
  })
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') query.set(name, `${value}`)
  }
  return query.size > 0 ? `${path}?${query}` : path
}
