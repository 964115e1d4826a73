import { serve } from '@tocsin/journal/serve'
import { CommonEnv, environmentOrExit, port } from '@tocsin/process/env'
import { SchedulerEnv } from './env.ts'
import { createSchedulerService } from './service.ts'

const env = environmentOrExit(CommonEnv.extend(SchedulerEnv.shape).extend({ SCHEDULER_PORT: port(4002) }), process.env)
await serve('scheduler', {
  env,
  healthPort: env.SCHEDULER_PORT,
  create: (foundation) => createSchedulerService({ ...foundation, env }),
})
