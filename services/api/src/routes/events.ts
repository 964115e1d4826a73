import { listEvents } from '@tocsin/contract/api/events'
import { EventPattern, matchesAny } from '@tocsin/contract/event'
import { events } from '@tocsin/contract/events/catalog'
import type { OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { createBell } from '@tocsin/journal/bell'
import type { Foundation } from '@tocsin/journal/foundation'
import { readEvents, readState, resetReason } from '@tocsin/journal/read'
import { org, type Route } from '../http/route.ts'
import type { WaitingRoom } from '../http/waiting-room.ts'

/** How long an event may go unnoticed whose bell was lost. */
const sweepMs = 2_000

type EventsDeps = Pick<Foundation, 'journal' | 'bus' | 'clock'> & { waitingRoom: WaitingRoom }

export const eventRoutes = (deps: EventsDeps): Route[] => [
  org(listEvents, async ({ orgId, query, gone, events: allowed }) => {
    const request = { orgId, after: query.after, limit: query.limit, types: typesOf(query.events, allowed) }
    const page = await readPage(deps, request)
    if (query.wait === 0 || !isEmpty(page)) return page
    return waitForPage(deps, request, AbortSignal.any([gone, AbortSignal.timeout(query.wait * 1000)]))
  }),
]

interface PageRequest {
  orgId: OrgId
  after: number
  limit: number
  /** Null: every type. */
  types: string[] | null
}
type EventsPage = Awaited<ReturnType<typeof readPage>>

function readPage(deps: EventsDeps, { orgId, after, limit, types }: PageRequest) {
  return deps.journal.read(orgId, async (sql) => {
    const state = await readState(sql, orgId)
    const reset = resetReason(after, state)
    return { data: reset ? [] : await readEvents(sql, orgId, after, limit, types), head: state.head, reset }
  })
}

const isEmpty = (page: EventsPage): boolean => page.data.length === 0 && page.reset === null

/** The first page that is not empty, or the last one read when the time is up, the caller has gone or we are about to stop. */
async function waitForPage(deps: EventsDeps, request: PageRequest, enough: AbortSignal): Promise<EventsPage> {
  const { closed, leave } = deps.waitingRoom.enter(request.orgId)
  const over = AbortSignal.any([enough, closed])
  const bell = createBell(deps.clock)
  // What is ephemeral, as the ticks of a scan, is in no page.
  const stop = deps.bus.listen(request.orgId, (message) => message?.seq !== null && bell.ring())
  try {
    // Read again before the first wait: an event may have come between the page before and the listening.
    let page = await readPage(deps, request)
    while (isEmpty(page) && !over.aborted) {
      await bell.rung(sweepMs, over)
      page = await readPage(deps, request)
    }
    return page
  } finally {
    stop()
    leave()
  }
}

const durableTypes = events.filter((definition) => definition.durable).map((definition): string => definition.type)

/** The types that a list of patterns stands for. A pattern that matches nothing yet is no error: a newer version may know its type. */
function typesOf(patterns: string | undefined, allowed: readonly string[] = ['*']): string[] | null {
  if (patterns === undefined) return allowed.includes('*') ? null : durableTypes.filter((type) => matchesAny(allowed, type))
  const parsed = patterns.split(',').map((pattern) => EventPattern.safeParse(pattern.trim()))
  if (parsed.some((pattern) => !pattern.success)) {
    const message = 'Must be event types, "slice.*" or "*", separated by commas.'
    throw new Refusal('invalid', message, { issues: [{ path: 'events', message }] })
  }
  const valid = parsed.flatMap((pattern) => (pattern.success ? [pattern.data] : []))
  return durableTypes.filter((type) => matchesAny(valid, type) && matchesAny(allowed, type))
}
