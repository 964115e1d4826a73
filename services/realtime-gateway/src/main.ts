import { serve } from '@tocsin/journal/serve'
import { CommonEnv, environmentOrExit } from '@tocsin/process/env'
import { GatewayEnv } from './env.ts'
import { createGatewayService } from './service.ts'

const env = environmentOrExit(CommonEnv.extend(GatewayEnv.shape), process.env)
await serve('realtime-gateway', { env, healthPort: null, create: (foundation) => createGatewayService({ ...foundation, env }) })
