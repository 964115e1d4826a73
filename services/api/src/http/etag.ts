import { createHash } from 'node:crypto'
import { Refusal } from '@tocsin/contract/refusal'
import type { Request } from 'express'

/**
 * `"3.9f86d081"`: the version, then a digest of the whole answer. If-Match asks about the version alone, for a number that counts
 * threats may change without anybody having edited; If-None-Match asks about everything that is shown.
 */
export function etagOf(answer: unknown, body: string): string | null {
  if (typeof answer !== 'object' || answer === null || !('version' in answer) || typeof answer.version !== 'number') return null
  return `"${answer.version}.${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`
}

/** The version that the caller wants to change; null: whichever it is. Accepts `"3"` too, the version as it stands in the answer. */
export function ifMatchVersion(request: Request): number | null {
  const header = request.get('if-match')
  if (header === undefined || header.trim() === '*') return null
  const [, version] = /^\s*"(\d{1,9})(?:\.[0-9a-f]{16})?"\s*$/.exec(header) ?? []
  if (version === undefined) throw new Refusal('precondition_failed', 'The If-Match header is not an ETag of ours.')
  return Number(version)
}

export function isNotModified(request: Request, etag: string): boolean {
  const header = request.get('if-none-match')
  if (header === undefined) return false
  return header.split(',').some((candidate) => candidate.trim() === '*' || candidate.trim().replace(/^W\//, '') === etag)
}
