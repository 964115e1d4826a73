import { serve } from '@tocsin/journal/serve'
import { CommonEnv, environmentOrExit, port } from '@tocsin/process/env'
import { DetectorEnv } from './env.ts'
import { createDetectorService } from './service.ts'

const env = environmentOrExit(CommonEnv.extend(DetectorEnv.shape).extend({ DETECTOR_PORT: port(4003) }), process.env)
await serve('detector', {
  env,
  healthPort: env.DETECTOR_PORT,
  create: (foundation) => createDetectorService({ ...foundation, env }),
})
