import { serve } from '@tocsin/journal/serve'
import { CommonEnv, environmentOrExit, port } from '@tocsin/process/env'
import { NotifierEnv } from './env.ts'
import { createNotifierService } from './service.ts'

const env = environmentOrExit(CommonEnv.extend(NotifierEnv.shape).extend({ NOTIFIER_PORT: port(4004) }), process.env)
await serve('notifier', {
  env,
  healthPort: env.NOTIFIER_PORT,
  create: (foundation) => createNotifierService({ ...foundation, env }),
})
