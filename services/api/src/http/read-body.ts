import { Refusal } from '@tocsin/contract/refusal'
import express, { type Request, type Response } from 'express'

export const bodyBytesMax = 1024 * 1024

/** Any JSON value is read, so that a wrong one is answered as invalid and only what is no JSON at all as malformed. */
const parse = express.json({ limit: bodyBytesMax, strict: false, type: () => true })

/** The parsed body; undefined if there is none. */
export async function readBody(request: Request, response: Response): Promise<unknown> {
  if (!hasBody(request)) return undefined
  if (!request.is('application/json')) throw new Refusal('unsupported_media_type', 'The body must be sent as application/json.')
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(refusalOf(error))))
  })
  return request.body
}

const hasBody = (request: Request): boolean =>
  request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0

function refusalOf(error: unknown): unknown {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : null
  switch (type) {
    case 'entity.too.large':
      return new Refusal('too_large', 'A body may have one mebibyte at most.')
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

const isClientError = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'status' in error && typeof error.status === 'number' && error.status < 500
