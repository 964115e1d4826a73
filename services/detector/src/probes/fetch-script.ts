import type { Outbound } from '@tocsin/outbound/guarded-http'
import { single } from '../crawler/page-content.ts'
import { type Hop, nextHop } from '../judges/redirects.ts'

/** A file of script, as it is delivered. Only the reader keeps what is in it, and only while it reads. */
export type ScriptAnswer =
  | { readonly kind: 'read'; readonly content: string; readonly etag: string | null; readonly lastModified: string | null }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'gone' }
  /** Nobody knows: a fault, a wall, a page in its place. */
  | { readonly kind: 'unknown' }

export interface ScriptQuestion {
  /** Of the version that is known; null reads it whole. */
  readonly known: { readonly etag: string | null; readonly lastModified: string | null } | null
  readonly mayVisit: (url: string) => boolean
}

const bytesMax = 1024 * 1024
const timeoutMs = 10_000
const validatorLengthMax = 200

/** Follows redirects hop by hop. Never throws for what the outside does. */
export async function fetchScript(
  first: string,
  { known, mayVisit }: ScriptQuestion,
  { outbound, userAgent }: { readonly outbound: Outbound; readonly userAgent: string },
  signal: AbortSignal,
): Promise<ScriptAnswer> {
  const hops: Hop[] = []
  let url = first
  for (;;) {
    if (!mayVisit(url)) return unknown
    const answer = await outbound.request(url, {
      headers: { ...conditionsOf(known), 'user-agent': userAgent, accept: '*/*' },
      totalTimeoutMs: timeoutMs,
      maxBytes: bytesMax,
      signal,
    })
    if (!answer.ok) return unknown
    const { status, headers, body } = answer
    if (status === 304 && known) return { kind: 'unchanged' }
    if (status === 404 || status === 410) return { kind: 'gone' }
    if (status === 200) {
      const type = single(headers['content-type']) ?? ''
      // A wall, or the start page of an application that answers every address with it.
      if (/html/i.test(type)) return unknown
      const validators = { etag: validator(headers['etag']), lastModified: validator(headers['last-modified']) }
      return { kind: 'read', content: body.toString('utf8'), ...validators }
    }
    hops.push({ url, status })
    const step = nextHop(hops, single(headers['location']))
    if (!('next' in step)) return unknown
    url = step.next.href
  }
}

const unknown: ScriptAnswer = { kind: 'unknown' }

const conditionsOf = (known: ScriptQuestion['known']): Record<string, string> => ({
  ...(known?.etag ? { 'if-none-match': known.etag } : {}),
  ...(known?.lastModified ? { 'if-modified-since': known.lastModified } : {}),
})

const validator = (value: string | string[] | undefined): string | null => {
  const text = single(value)
  return text !== undefined && text.length <= validatorLengthMax ? text : null
}
