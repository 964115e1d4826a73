import { ApiEnv } from '@tocsin/api/env'
import { DetectorEnv } from '@tocsin/detector/env'
import { NotifierEnv } from '@tocsin/notifier/env'
import { CommonEnv } from '@tocsin/process/env'
import { GatewayEnv } from '@tocsin/realtime-gateway/env'
import { SchedulerEnv } from '@tocsin/scheduler/env'
import { z } from 'zod'

/** Who is made on the first start. What is absent is generated. */
export const BootstrapEnv = z.object({
  BOOTSTRAP_ADMIN_EMAIL: z.email().toLowerCase().default('admin@tocsin.local'),
  BOOTSTRAP_ADMIN_PASSWORD: z.string().min(10).max(200).optional(),
  BOOTSTRAP_API_KEY: z
    .string()
    .regex(/^tcn_[A-Za-z0-9_-]{20,200}$/, 'Must be "tcn_" and 20 characters or more.')
    .optional(),
})
export type BootstrapEnv = z.infer<typeof BootstrapEnv>

/** Every service in one process: Postgres and Redis may be left to us. */
export const FleetEnv = CommonEnv.extend(ApiEnv.shape)
  .extend(GatewayEnv.shape)
  .extend(SchedulerEnv.shape)
  .extend(DetectorEnv.shape)
  .extend(NotifierEnv.shape)
  .extend({ REDIS_URL: CommonEnv.shape.REDIS_URL.optional() })
export type FleetEnv = z.infer<typeof FleetEnv>

/** What decides where things are kept, read before the rest can be. */
export const HomeEnv = z.object({
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: CommonEnv.shape.DATABASE_URL.optional(),
  SECRET_KEY: CommonEnv.shape.SECRET_KEY.optional(),
  PORT: z.coerce.number().int().min(1).max(65_000).default(4000),
  PUBLIC_URL: CommonEnv.shape.PUBLIC_URL,
  LOG_LEVEL: CommonEnv.shape.LOG_LEVEL,
})
