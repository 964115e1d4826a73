import { createMemoryBus } from '@tocsin/bus/memory'
import { type Actor, system } from '@tocsin/contract/actor'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { createDatabase } from '@tocsin/db/pool'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { type Change, createJournal } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import { readEvents, readState } from '@tocsin/journal/read'
import { createHandSetClock, type HandSetClock } from '@tocsin/process/clock'
import { silentLog } from '@tocsin/process/log'
import { createMetrics } from '@tocsin/process/metrics'
import { createTestDatabase } from './database.ts'

export interface TestFoundation extends Foundation {
  readonly clock: HandSetClock
  newOrg(): Promise<OrgId>
  /** A change by a service of ours. */
  change<Result>(orgId: OrgId, work: (change: Change) => Promise<Result>): Promise<Result>
  /** What the journal gained while the work was done. */
  eventsDuring(orgId: OrgId, work: () => Promise<unknown>): Promise<OrgEvent[]>
  close(): Promise<void>
}

const eventsMax = 1_000

/** What every service stands on, with a database of its own and a clock that is set by hand, or one that runs and can jump. */
export async function openTestFoundation(
  clock: HandSetClock = createHandSetClock(new Date('2026-03-01T10:00:00.000Z')),
): Promise<TestFoundation> {
  const database = await createTestDatabase()
  const log = silentLog()
  const metrics = createMetrics({ process: false })
  const db = createDatabase({ url: database.url, log })
  const bus = createMemoryBus()
  const journal = createJournal({ db, bus, clock, log, metrics })
  const actor: Actor = system('test')
  return {
    db,
    bus,
    journal,
    clock,
    log,
    metrics,
    async newOrg() {
      const orgId = newId('org')
      await journal.change(orgId, actor, (change) => createOrg(change, { name: 'Test', ownerId: null }))
      return orgId
    },
    change: (orgId, work) => journal.change(orgId, actor, work),
    async eventsDuring(orgId, work) {
      const { head } = await journal.read(orgId, (sql) => readState(sql, orgId))
      await work()
      // What a change has written is what the catalogue's schema let through.
      return (await journal.read(orgId, (sql) => readEvents(sql, orgId, head, eventsMax))) as OrgEvent[]
    },
    async close() {
      await bus.close()
      await db.close()
      await database.drop()
    },
  }
}
