import { newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Clock } from '@tocsin/process/clock'
import { type AccessDeps, type Holder, holderOf, type StreamRequest } from './access.ts'
import type { Connections } from './connections.ts'
import { corsHeaders } from './cors.ts'
import type { Door } from './doors.ts'
import type { Limit } from './limits.ts'
import { intersection } from './patterns.ts'
import type { Presence } from './presence.ts'
import { readQuery, type StreamQuery } from './query.ts'
import { isRevoked } from './revocations.ts'
import { connectedFrame, retryMs, streamHeaders } from './sse.ts'
import { type Second, Stream } from './stream.ts'
import type { OrgWindow } from './window.ts'
import type { Windows } from './windows.ts'

export interface OpenStreamDeps {
  access: AccessDeps
  clock: Clock
  windows: Windows
  connections: Connections
  presence: Presence
  limits: { org: Limit; user: Limit; ip: Limit }
  time: { second: Second }
  lifetimeSeconds: number
  heartbeatSeconds: number
  addressOf: (request: StreamRequest) => string
}

/** From a request to a stream: who is it, may they, where do they go on. Whatever was taken on the way is given back if it ends early. */
export async function openStream(deps: OpenStreamDeps, request: StreamRequest, door: Door): Promise<void> {
  const { limits } = deps
  const query = readQuery(request)
  const ip = deps.addressOf(request)
  const giveBack: (() => void)[] = []
  const enter = (limit: Limit, key: string) => {
    limit.enter(key)
    giveBack.push(() => limit.leave(key))
  }
  try {
    enter(limits.ip, ip) // Before anything that costs us more than them.
    const holder = await holderOf(deps.access, request, query, deps.clock.now())
    const patterns = patternsFor(holder, query)
    enter(limits.user, holder.actor)
    enter(limits.org, holder.orgId)
    const window = await deps.windows.hold(holder.orgId)
    giveBack.push(() => window.release())
    // Their snapshot may be newer than our window.
    if (query.after !== null && query.after > window.head) await window.catchUp()
    if (isRevoked(window.revocations, holder.actor, holder.validFromMs))
      throw new Refusal('unauthenticated', 'Your access to this org has changed. Sign in or get a token again.')
    const opened = begin(deps, { request, door, window, holder, ip, patterns, after: query.after ?? window.head })
    if (opened) giveBack.length = 0 // From here on it is given back when the stream closes.
  } finally {
    for (const undo of giveBack.reverse()) undo()
  }
}

/** A token narrows what its bearer may choose. */
function patternsFor(holder: Holder, query: StreamQuery): string[] {
  const allowed = holder.token?.patterns ?? null
  if (!allowed) return query.patterns
  const patterns = intersection(query.patterns, allowed)
  if (patterns.length === 0) throw new Refusal('forbidden', 'The token does not allow any of these events.')
  return patterns
}

/** Nothing here waits, so no event comes between joining the window and the first write. False: the viewer has left. */
function begin(
  deps: OpenStreamDeps,
  viewer: {
    request: StreamRequest
    door: Door
    window: OrgWindow
    holder: Holder
    ip: string
    patterns: string[]
    after: number
  },
): boolean {
  const { window, holder, after } = viewer
  const isAhead = after > window.head
  const cursor = Math.min(after, window.head)
  const heartbeatMs = deps.heartbeatSeconds * 1000
  const hello = connectedFrame({ connectionId: newId('connection'), orgId: holder.orgId, seq: cursor, heartbeatMs }, retryMs())
  const outlet = viewer.door.open({ ...streamHeaders, ...corsHeaders(viewer.request, deps.access.origins) }, hello)
  if (!outlet) return false
  const stream = new Stream({
    outlet,
    audience: window.audience(viewer.patterns),
    cursor,
    // Between one and one and a half lifetimes, so that those who came together do not leave together.
    endsAt: deps.time.second + Math.round(deps.lifetimeSeconds * (1 + Math.random() / 2)),
    tokenEndsAt: holder.token && Math.floor(holder.token.expiresAt.getTime() / 1000),
    time: deps.time,
  })
  deps.connections.add({ dueAt: 0, stream, window, orgId: holder.orgId, actor: holder.actor, ip: viewer.ip }, outlet)
  deps.presence.changed(holder.orgId)
  if (isAhead) stream.reset('ahead', window.head)
  stream.pump()
  return true
}
