import type { CommonEnv } from '@tocsin/process/env'
import { createHealthServer, type HealthPart } from '@tocsin/process/health'
import { createLog } from '@tocsin/process/log'
import { run } from '@tocsin/process/run'
import { combine, type Service } from '@tocsin/process/service'
import type { z } from 'zod'
import { type OpenFoundation, openFoundation } from './foundation.ts'

/**
 * A service as a process of its own. With a `healthPort` it gets the small server for health and metrics; without, the service answers
 * for them on its own port.
 */
export async function serve(
  name: string,
  options: {
    env: z.infer<typeof CommonEnv>
    healthPort: number | null
    create: (foundation: OpenFoundation) => Service & { readonly health?: readonly HealthPart[] }
  },
): Promise<void> {
  const { env } = options
  const log = createLog({ service: name, level: env.LOG_LEVEL })
  const foundation = openFoundation({ databaseUrl: env.DATABASE_URL, redisUrl: env.REDIS_URL, log })
  const service = options.create(foundation)
  const health =
    options.healthPort === null
      ? []
      : [
          createHealthServer({
            port: options.healthPort,
            parts: [...foundation.health, ...(service.health ?? [])],
            metrics: foundation.metrics.registry,
          }),
        ]
  await run(combine(name, [...health, service]), log, () => foundation.close())
  log.info({ port: options.healthPort }, 'Started.')
}
