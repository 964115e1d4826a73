import type { Bus } from '@tocsin/bus/bus'
import { createMemoryBus } from '@tocsin/bus/memory'
import { createRedisBus } from '@tocsin/bus/redis'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { type Clock, wallClock } from '@tocsin/process/clock'
import type { HealthPart } from '@tocsin/process/health'
import type { Log } from '@tocsin/process/log'
import { createMetrics, type Metrics } from '@tocsin/process/metrics'
import { createJournal, type Journal } from './change.ts'

/** What every service stands on. */
export interface Foundation {
  readonly db: Database
  readonly bus: Bus
  readonly journal: Journal
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
}

export interface OpenFoundation extends Foundation {
  /** Postgres is vital, Redis is not: without it everything works, a little later. */
  readonly health: readonly HealthPart[]
  close(): Promise<void>
}

/** Without a Redis URL the bell is in memory: right only when every service is in this process. */
export function openFoundation(options: {
  databaseUrl: string
  redisUrl: string | null
  log: Log
  clock?: Clock
  connections?: number
}): OpenFoundation {
  const { log, clock = wallClock } = options
  const metrics = createMetrics({ process: true })
  const db = createDatabase({
    url: options.databaseUrl,
    log,
    ...(options.connections ? { connections: options.connections } : {}),
  })
  const bus = options.redisUrl ? createRedisBus({ url: options.redisUrl, log }) : createMemoryBus()
  return {
    db,
    bus,
    clock,
    log,
    metrics,
    journal: createJournal({ db, bus, clock, log, metrics }),
    health: [
      { name: 'database', vital: true, check: () => db.ping() },
      { name: 'redis', vital: false, check: async () => bus.connected() },
    ],
    async close() {
      await bus.close()
      await db.close()
    },
  }
}
