import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { Refusal, type RefusalIssue } from '@tocsin/contract/refusal'
import type { Request } from 'express'
import type { z } from 'zod'
import type { ReadBody } from './read-body.ts'
import { firstUnstorableText } from './storable-text.ts'

/** Somebody who sends a thousand wrong fields need not be told of each. */
const issuesMax = 50
const pathLengthMax = 200

/** The path is not a matter of validity: an id that cannot exist is one that does not. */
export function validParams(endpoint: EndpointDefinition, request: Request): Record<string, unknown> {
  const parsed = endpoint.params.safeParse(request.params)
  if (!parsed.success) throw new Refusal('not_found', 'There is nothing here.')
  return parsed.data
}

export function validQuery(endpoint: EndpointDefinition, request: Request): Record<string, unknown> {
  refuseUnstorableText(request.query)
  const parsed = endpoint.query.safeParse({ ...request.query })
  if (!parsed.success) throw invalid(parsed.error, 'The query is not valid.')
  return parsed.data
}

/** The value is undefined when nothing was sent. */
export function validBody(endpoint: EndpointDefinition, { value, csv }: ReadBody): unknown {
  refuseUnstorableText(value)
  if (!endpoint.body) return refuseContent(value)
  const parsed = endpoint.body.safeParse(value)
  if (parsed.success) return parsed.data
  const refusal = invalid(parsed.error, 'The body is not valid.')
  throw csv ? withLines(refusal, csv) : refusal
}

/** Whoever looks for the mistake has the lines of a file before them, not the entries of a list. */
export function withLines(refusal: Refusal, { field, lines }: NonNullable<ReadBody['csv']>): Refusal {
  const issues = refusal.issues.map(({ path, message }) => {
    const [root, entry] = path.split('.')
    const line = root === field ? lines[Number(entry)] : undefined
    return line === undefined ? { path, message } : { path, message: `Line ${line}: ${message}` }
  })
  return new Refusal(refusal.code, refusal.message, { issues })
}

/** Many clients send {} where they have nothing to say. */
function refuseContent(body: unknown): undefined {
  const empty = body === undefined || (typeof body === 'object' && body !== null && Object.keys(body).length === 0)
  if (!empty || Array.isArray(body)) throw new Refusal('invalid', 'This endpoint takes no body.')
}

/** A body that is of no endpoint. */
export function validReport<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  refuseUnstorableText(value)
  const parsed = schema.safeParse(value)
  if (!parsed.success) throw invalid(parsed.error, 'The body is not valid.')
  return parsed.data
}

function refuseUnstorableText(value: unknown): void {
  const path = firstUnstorableText(value)
  if (path === null) return
  const issue = {
    path: path.slice(0, pathLengthMax),
    message: 'Must be text without NUL characters and without half characters.',
  }
  throw new Refusal('invalid', 'A text cannot be stored.', { issues: [issue] })
}

const invalid = (error: z.core.$ZodError, message: string): Refusal =>
  new Refusal('invalid', message, { issues: error.issues.flatMap(issuesOf).slice(0, issuesMax) })

function issuesOf(issue: z.core.$ZodIssue): RefusalIssue[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.slice(0, issuesMax).map((key) => ({ path: pathText([...issue.path, key]), message: 'Unknown field.' }))
  return [{ path: pathText(issue.path), message: issue.message }]
}

const pathText = (path: readonly PropertyKey[]): string => path.map(String).join('.').slice(0, pathLengthMax)
