import { serve } from '@tocsin/journal/serve'
import { CommonEnv, environmentOrExit } from '@tocsin/process/env'
import { ApiEnv } from './env.ts'
import { createApiService } from './service.ts'

const env = environmentOrExit(CommonEnv.extend(ApiEnv.shape), process.env)
await serve('api', {
  env,
  healthPort: null,
  create: (foundation) => createApiService({ ...foundation, env, mounts: [], dashboardDir: env.DASHBOARD_DIR ?? null }),
})
