import { createApiService } from '@tocsin/api/service'
import { createDetectorService } from '@tocsin/detector/service'
import { type OpenFoundation, openFoundation } from '@tocsin/journal/foundation'
import { createNotifierService } from '@tocsin/notifier/service'
import type { Clock } from '@tocsin/process/clock'
import type { Log } from '@tocsin/process/log'
import { combine, type Service } from '@tocsin/process/service'
import { createGateway } from '@tocsin/realtime-gateway/gateway'
import { createSchedulerService } from '@tocsin/scheduler/service'
import type { FleetEnv } from './env.ts'

export interface Fleet extends Service {
  readonly foundation: OpenFoundation
}

/** A part of the web server that is not the API: it answers the requests of its paths. */
export type Mount = Parameters<typeof createApiService>[0]['mounts'][number]

/** Connections to Postgres for all services together; the default of Postgres admits 100. */
const connections = 20

/** Every service in one process, on one foundation; streams are served under the api's port. */
export function createFleet(options: {
  env: FleetEnv
  log: Log
  clock?: Clock
  dashboardDir: string | null
  mounts?: readonly Mount[]
}): Fleet {
  const { env, log } = options
  const foundation = openFoundation({
    databaseUrl: env.DATABASE_URL,
    redisUrl: env.REDIS_URL ?? null,
    log,
    connections,
    ...(options.clock ? { clock: options.clock } : {}),
  })
  const of = (service: string) => ({ ...foundation, log: log.child({ service }), env })
  const gateway = createGateway(of('realtime-gateway'))
  const detector = createDetectorService(of('detector'))
  const parts = combine('fleet', [
    createNotifierService(of('notifier')),
    detector,
    createSchedulerService(of('scheduler')),
    gateway,
    createApiService({
      ...of('api'),
      health: [...foundation.health, ...detector.health],
      mounts: [gateway, ...(options.mounts ?? [])],
      dashboardDir: options.dashboardDir,
    }),
  ])
  return {
    name: parts.name,
    foundation,
    start: () => parts.start(),
    async stop() {
      await parts.stop()
      await foundation.close()
    },
  }
}
