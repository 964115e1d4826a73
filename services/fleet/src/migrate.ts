// For a fleet of separate processes: brings the database to the newest schema and makes the first admin, then ends.
import { resolve } from 'node:path'
import { migrate } from '@tocsin/db/migrate'
import { openFoundation } from '@tocsin/journal/foundation'
import { CommonEnv, environmentOrExit } from '@tocsin/process/env'
import { createLog } from '@tocsin/process/log'
import { bootstrapOnce } from './bootstrap-once.ts'
import { BootstrapEnv, HomeEnv } from './env.ts'

const env = environmentOrExit(
  CommonEnv.pick({ DATABASE_URL: true, LOG_LEVEL: true }).extend({ DATA_DIR: HomeEnv.shape.DATA_DIR }),
  process.env,
)
const log = createLog({ service: 'migrate', level: env.LOG_LEVEL })
await migrate(env.DATABASE_URL)
const foundation = openFoundation({ databaseUrl: env.DATABASE_URL, redisUrl: null, log })
await bootstrapOnce({ foundation, env: environmentOrExit(BootstrapEnv, process.env), dataDir: resolve(env.DATA_DIR) })
await foundation.close()
log.info('The database is ready.')
