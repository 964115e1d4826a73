import type { Bus } from '@tocsin/bus/bus'
import type { Actor } from '@tocsin/contract/actor'
import type { DataOf, Envelope, EventDefinition } from '@tocsin/contract/event'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { Clock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import type { Metrics } from '@tocsin/process/metrics'
import { appendAndCommit, type Draft } from './append.ts'

/** What a verb works with: one transaction of one org, by one actor, at one moment. */
export interface Change {
  readonly orgId: OrgId
  readonly actor: Actor
  readonly tx: Sql
  readonly now: Date
  /** The event is numbered when the change commits and published after that. */
  emit<Definition extends EventDefinition>(definition: Definition, data: DataOf<Definition>): void
}

export interface Journal {
  /** Runs verbs in one transaction, appends their events last, commits, rings. */
  change<Result>(orgId: OrgId, actor: Actor, work: (change: Change) => Promise<Result>): Promise<Result>
  /** Queries of one org, on one snapshot, so that what they answer belongs to one seq. */
  read<Result>(orgId: OrgId, work: (sql: Sql) => Promise<Result>): Promise<Result>
  /** Publishes an ephemeral event: no number, no row, no promise. */
  announce<Definition extends EventDefinition>(
    orgId: OrgId,
    actor: Actor,
    definition: Definition,
    data: DataOf<Definition>,
  ): Promise<void>
}

export interface JournalDeps {
  db: Database
  bus: Bus
  clock: Clock
  log: Log
  metrics: Metrics
}

export function createJournal(deps: JournalDeps): Journal {
  const { db, bus, clock, log } = deps
  const appended = deps.metrics.counter('events_appended_total', 'Events appended to journals', ['type'])
  const silent = deps.metrics.counter('bell_silent_total', 'Events that could not be published; readers find them in the journal')

  async function ring(event: Envelope): Promise<void> {
    try {
      await bus.publish(event)
    } catch (error) {
      // Costs latency, never data.
      silent.inc()
      log.debug({ err: error, orgId: event.orgId, type: event.type }, 'The bell is silent.')
    }
  }

  return {
    async change(orgId, actor, work) {
      const now = clock.now()
      const { result, events } = await db.transaction({ orgId }, async (tx, finish) => {
        const drafts: Draft[] = []
        const result = await work({
          orgId,
          actor,
          tx,
          now,
          emit(definition, data) {
            if (!definition.durable) throw new Error(`${definition.type} is ephemeral: announce it.`)
            drafts.push({ type: definition.type, data: definition.data.parse(data) })
          },
        })
        return { result, events: await appendAndCommit(finish, { orgId, actor, now }, drafts) }
      })
      for (const event of events) appended.inc({ type: event.type })
      await Promise.all(events.map(ring))
      return result
    },
    read: (orgId, work) => db.transaction({ orgId }, work, 'snapshot'),
    async announce(orgId, actor, definition, data) {
      if (definition.durable) throw new Error(`${definition.type} is durable: emit it in a change.`)
      await ring({
        seq: null,
        type: definition.type,
        orgId,
        at: clock.now().toISOString(),
        actor,
        data: definition.data.parse(data),
      })
    },
  }
}
