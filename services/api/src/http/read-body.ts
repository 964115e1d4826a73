import { isUtf8 } from 'node:buffer'
import type { CsvBody } from '@tocsin/contract/csv'
import { Refusal } from '@tocsin/contract/refusal'
import express, { type Request, type RequestHandler, type Response } from 'express'
import { parseCsv } from './csv.ts'

export const bodyBytesMax = 1024 * 1024

/** Any JSON value is read, so that a wrong one is answered as invalid and only what is no JSON at all as malformed. */
const parseJson = express.json({ limit: bodyBytesMax, strict: false, type: () => true })
const readRaw = express.raw({ limit: bodyBytesMax, type: () => true })

/** A body as it is to be checked; `lines` is where each entry of a CSV stood. */
export interface ReadBody {
  readonly value: unknown
  readonly csv: { readonly field: string; readonly lines: readonly number[] } | null
}

/** The parsed body; undefined if there is none. */
export async function readBody(request: Request, response: Response, csv: CsvBody | undefined): Promise<ReadBody> {
  if (!hasBody(request)) return { value: undefined, csv: null }
  if (csv && request.is('text/csv')) return readCsv(request, response, csv)
  if (!request.is('application/json'))
    throw new Refusal('unsupported_media_type', `The body must be sent as application/json${csv ? ' or text/csv' : ''}.`)
  await run(parseJson, request, response)
  return { value: request.body, csv: null }
}

/** JSON that a page sends as plain text, because a browser then asks no permission first. */
export function createReportReader(bytesMax: number) {
  const parse = express.json({ limit: bytesMax, strict: false, type: () => true })
  return async (request: Request, response: Response): Promise<unknown> => {
    if (!hasBody(request)) return undefined
    if (!request.is(['text/plain', 'application/json']))
      throw new Refusal('unsupported_media_type', 'The body must be sent as text/plain or application/json.')
    await run(parse, request, response)
    return request.body
  }
}

async function readCsv(request: Request, response: Response, { field, read }: CsvBody): Promise<ReadBody> {
  await run(readRaw, request, response)
  const rows = parseCsv(utf8(request.body))
  return { value: { [field]: rows.map((row) => read(row.cells)) }, csv: { field, lines: rows.map((row) => row.line) } }
}

function utf8(bytes: unknown): string {
  if (!Buffer.isBuffer(bytes)) return ''
  if (!isUtf8(bytes)) throw new Refusal('malformed', 'The CSV is not UTF-8.')
  return bytes.toString('utf8')
}

function run(parse: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(refusalOf(error))))
  })
}

/** A reader of bodies for doors of their own, whose errors are ours. */
export const refusing =
  (parse: RequestHandler): RequestHandler =>
  (request, response, next) =>
    void parse(request, response, (error?: unknown) => next(error === undefined ? undefined : refusalOf(error)))

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0

function refusalOf(error: unknown): unknown {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : null
  switch (type) {
    case 'entity.too.large':
      return new Refusal('too_large', `A body may have ${bytesAllowed(error)} bytes at most.`)
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Refusal('unsupported_media_type', 'The encoding of the body is not supported.')
    case 'entity.parse.failed':
      return new Refusal('malformed', 'The body is not JSON.')
    case 'request.aborted':
    case 'request.size.invalid':
      return new Refusal('malformed', 'The body ended too early.')
    default:
      // A broken gzip stream has an errno of zlib, and a status of its own from the parser.
      return isClientError(error) ? new Refusal('malformed', 'The body cannot be read.') : error
  }
}

/** The parser says which limit it has applied. */
const bytesAllowed = (error: unknown): number =>
  typeof error === 'object' && error !== null && 'limit' in error && typeof error.limit === 'number' ? error.limit : bodyBytesMax

const isClientError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' && error.status < 500
