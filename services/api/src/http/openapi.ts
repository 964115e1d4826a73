import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { Problem } from '@tocsin/contract/problem'
import { z } from 'zod'
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi'

const problem = (description: string) => ({ description, content: { 'application/problem+json': { schema: Problem } } })

const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .optional()
  .meta({ description: 'The same key with the same request answers what it answered before, for a day.' })
const ifMatch = z.string().optional().meta({ description: 'The ETag that the change is meant for.' })
const tocsinOrg = z
  .string()
  .optional()
  .meta({ description: 'Which org a signed-in person means; their first one without it. An API key has one org.' })

/** Answers that every endpoint may give. */
const everywhere = {
  '400': problem('Malformed: not JSON, a cursor of somebody else, a path that cannot be decoded.'),
  '422': problem('Not valid: `errors` says which fields, and why.'),
  '429': problem('Too many requests. Retry-After says when to come back.'),
  '503': problem('Postgres cannot be reached. Nothing was changed. Retry-After says when to come back.'),
}

/** OpenAPI 3.1 of every endpoint, from the same declarations that check the requests. */
export function createOpenApi(endpoints: readonly EndpointDefinition[], options: { serverUrl: string | null; version: string }) {
  const paths: Record<string, Record<string, ZodOpenApiOperationObject>> = {}
  for (const endpoint of endpoints) paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tocsin',
      version: options.version,
      description:
        'Real-time monitoring for web sites. Send an API key as `Authorization: Bearer tcn_…`, or sign in and send the session cookie with the `X-CSRF-Token` header. Lists are read page by page with `cursor`; `asOf` is the seq at which the event stream continues. Errors are `application/problem+json` (RFC 9457).',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: options.serverUrl ?? '/' }],
    paths: paths satisfies ZodOpenApiPathsObject,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: tcn_…' },
        session: { type: 'apiKey', in: 'cookie', name: 'tocsin_session', description: 'With X-CSRF-Token for all but GET.' },
      },
    },
  })
}

function operationOf(endpoint: EndpointDefinition): ZodOpenApiOperationObject {
  const header = headersOf(endpoint)
  return {
    operationId: endpoint.id,
    summary: endpoint.doc,
    tags: [tagOf(endpoint.path)],
    security: securityOf(endpoint),
    requestParams: { path: endpoint.params, query: endpoint.query, ...(header ? { header } : {}) },
    ...(endpoint.body
      ? {
          requestBody: {
            required: !endpoint.body.safeParse(undefined).success,
            content: {
              'application/json': { schema: endpoint.body },
              ...(endpoint.csv ? { 'text/csv': { schema: { type: 'string', description: endpoint.csv.doc } } } : {}),
            },
          },
        }
      : {}),
    responses: { ...successOf(endpoint), ...refusalsOf(endpoint) },
  }
}

function successOf(endpoint: EndpointDefinition): ZodOpenApiOperationObject['responses'] {
  if (endpoint.status === 204) return { '204': { description: 'Done.' } }
  const { csvAnswer } = endpoint
  const csv = csvAnswer ? { 'text/csv': { schema: { type: 'string' as const, description: csvAnswer.doc } } } : {}
  return {
    [`${endpoint.status}`]: { description: endpoint.doc, content: { 'application/json': { schema: endpoint.answer }, ...csv } },
  }
}

function refusalsOf(endpoint: EndpointDefinition): ZodOpenApiOperationObject['responses'] {
  const known = endpoint.needs === 'nothing' ? {} : { '401': problem('No credential, or one that is not good.') }
  const changes = endpoint.method === 'get' ? {} : { '409': problem('Conflict with what is there.') }
  const body = endpoint.body ? { '413': problem('More than one mebibyte.'), '415': problem('Not application/json.') } : {}
  return {
    ...known,
    '403': problem('The credential may not do this.'),
    '404': problem('No such thing, or it belongs to another org.'),
    ...changes,
    ...(endpoint.method === 'patch' ? { '412': problem('Changed since the ETag of If-Match.') } : {}),
    ...body,
    ...everywhere,
  }
}

function headersOf(endpoint: EndpointDefinition): z.ZodObject | null {
  const shape = {
    ...(endpoint.needs === 'nothing' || endpoint.needs === 'person' ? {} : { 'Tocsin-Org': tocsinOrg }),
    ...(endpoint.method === 'post' && endpoint.needs !== 'nothing' ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(endpoint.method === 'patch' ? { 'If-Match': ifMatch } : {}),
  }
  return Object.keys(shape).length > 0 ? z.object(shape) : null
}

function securityOf(endpoint: EndpointDefinition): Record<string, string[]>[] {
  if (endpoint.needs === 'nothing') return []
  return endpoint.needs === 'person' || endpoint.needs === 'member' ? [{ session: [] }] : [{ apiKey: [] }, { session: [] }]
}

/** `/v1/sites/{siteId}/scans` → sites. */
const tagOf = (path: string): string => path.split('/')[2] ?? 'other'
