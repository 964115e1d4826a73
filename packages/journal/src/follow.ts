import type { Bus } from '@tocsin/bus/bus'
import type { OrgId } from '@tocsin/contract/ids'
import type { Clock } from '@tocsin/process/clock'
import { createBell } from './bell.ts'
import type { Journal } from './change.ts'
import { type DurableEvent, readEvents, readState, resetReason } from './read.ts'

const pageSize = 500
/** How long a lost last message may go unnoticed. */
const sweepMs = 2_000

/** The reader's cursor is not in the journal: it has to take a fresh snapshot and follow from `head`. */
export class JournalReset extends Error {
  override readonly name = 'JournalReset'
  readonly reason: 'expired' | 'ahead'
  readonly head: number
  constructor(reason: 'expired' | 'ahead', head: number) {
    super(`The journal cannot be read from there: ${reason}.`)
    this.reason = reason
    this.head = head
  }
}

/** Every durable event of an org after `after`, in order, for ever. Starting, catching up and healing are this one loop. */
export async function* follow(
  deps: { journal: Journal; bus: Bus; clock: Clock },
  orgId: OrgId,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<DurableEvent, void, undefined> {
  const bell = createBell(deps.clock)
  // Before the first read: a ring between the two is kept. What is ephemeral is not in the journal.
  const stop = deps.bus.listen(orgId, (message) => message?.seq !== null && bell.ring())
  let seen = after
  try {
    while (!signal.aborted) {
      const { state, page } = await deps.journal.read(orgId, async (sql) => ({
        state: await readState(sql, orgId),
        page: await readEvents(sql, orgId, seen, pageSize),
      }))
      const reason = resetReason(seen, state)
      if (reason) throw new JournalReset(reason, state.head)
      for (const event of page) {
        if (event.seq !== seen + 1) throw new Error(`The journal of ${orgId} has a hole after ${seen}.`)
        seen = event.seq
        yield event
      }
      if (page.length === 0) await bell.rung(sweepMs, signal)
    }
  } finally {
    stop()
  }
}
