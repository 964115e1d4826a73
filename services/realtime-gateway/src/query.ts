import { Refusal } from '@tocsin/contract/refusal'
import type { StreamRequest } from './access.ts'
import { readPatterns } from './patterns.ts'

export interface StreamQuery {
  orgId: string | null
  token: string | null
  patterns: string[]
  /** The last seq the viewer has; null: it begins now. */
  after: number | null
}

const known = new Set(['org_id', 'token', 'events', 'last_event_id', 'since'])

export function readQuery(request: StreamRequest): StreamQuery {
  const query = new URLSearchParams(request.target.split('?').slice(1).join('?'))
  for (const name of query.keys()) if (!known.has(name)) throw wrong(name.slice(0, 64), 'There is no such parameter.')
  // A browser that comes back by itself says in the header where it was; what it says in the address is where it first began.
  const after = [request.headers['last-event-id']].flat()[0] || query.get('last_event_id') || query.get('since') || null
  return {
    orgId: query.get('org_id'),
    token: query.get('token'),
    patterns: readPatterns(query.get('events')),
    after: after === null ? null : seqOf(after),
  }
}

function seqOf(text: string): number {
  const seq = Number(text)
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(seq))
    throw wrong('last_event_id', 'Must be the id of an event: a whole number.')
  return seq
}

const wrong = (path: string, message: string) =>
  new Refusal('invalid', 'The query cannot be understood.', { issues: [{ path, message }] })
