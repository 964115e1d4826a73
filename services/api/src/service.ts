import { documentedEndpoints, endpoints } from '@tocsin/contract/api/catalog'
import { createPasswordHasher } from '@tocsin/domain/accounts/password'
import { subscriberLinkPurpose } from '@tocsin/domain/subscribers/links'
import type { Foundation } from '@tocsin/journal/foundation'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import type { Resolve } from '@tocsin/outbound/guarded-lookup'
import { createHealthHandler, type HealthPart } from '@tocsin/process/health'
import { createLoop } from '@tocsin/process/loop'
import { createSecretBox, deriveKey } from '@tocsin/process/secret-box'
import { combine, type Service } from '@tocsin/process/service'
import { createBounceDoor } from './bounces/door.ts'
import type { ApiEnv } from './env.ts'
import { forgetPass } from './forget-pass.ts'
import { createApp } from './http/app.ts'
import { createOpenApi } from './http/openapi.ts'
import { createPipeline } from './http/pipeline.ts'
import { createRateLimit } from './http/rate-limit.ts'
import { createHttpServer, type Mount } from './http/server.ts'
import { createTargetGuard } from './http/target-guard.ts'
import { createWaitingRoom } from './http/waiting-room.ts'
import { routesOf } from './routes/catalog.ts'
import { createStatusPageDoor } from './status-page/door.ts'
import { createVitalsBuffer, type VitalsBuffer } from './vitals/buffer.ts'
import { createVitalsDoor } from './vitals/door.ts'
import { createKnownBeacons } from './vitals/known-beacons.ts'

export interface ApiDeps extends Foundation {
  readonly health: readonly HealthPart[]
  readonly env: ApiEnv & { SECRET_KEY: string; PUBLIC_URL?: string | undefined }
  /** Parts that share this port, such as the stream when it is in the same process. */
  readonly mounts: readonly Mount[]
  readonly dashboardDir: string | null
  /** How names become addresses; the system's way if absent. */
  readonly resolve?: Resolve
}

/** Old answers and ended sessions do no harm; this only keeps tables small. */
const forgetEveryMs = 10 * 60_000
/** How long a measurement is in memory only. */
const flushEveryMs = 3_000

export function createApiService(deps: ApiDeps): Service {
  const { env, log } = deps
  const waitingRoom = createWaitingRoom()
  const vitals = createVitalsBuffer(deps)
  const server = createHttpServer({
    port: env.PORT,
    health: createHealthHandler(deps.health, deps.metrics.registry),
    mounts: deps.mounts,
    app: appOf(deps, waitingRoom, vitals),
    log,
  })
  return combine('api', [
    createLoop({ name: 'forget', everyMs: forgetEveryMs, pass: () => forgetPass(deps), log, clock: deps.clock }),
    flushing(deps, vitals),
    server,
    // Stopped first: those who wait for events are in hand until they are told that there will be none.
    { name: 'polls', start: async () => {}, stop: async () => waitingRoom.close() },
  ])
}

/** Stopped after the server: what came in last is written, too. */
function flushing({ log, clock }: ApiDeps, vitals: VitalsBuffer): Service {
  const loop = createLoop({ name: 'vitals', everyMs: flushEveryMs, pass: () => vitals.flush(), log, clock })
  return {
    name: loop.name,
    start: () => loop.start(),
    async stop() {
      await loop.stop()
      await vitals.flush().catch((error: unknown) => log.warn({ err: error }, 'What pages measured last could not be written.'))
    },
  }
}

function appOf(deps: ApiDeps, waitingRoom: ReturnType<typeof createWaitingRoom>, vitals: VitalsBuffer) {
  const { env } = deps
  const publicUrl = env.PUBLIC_URL === undefined ? null : new URL(env.PUBLIC_URL)
  const ownOrigin = publicUrl?.origin ?? null
  const streamUrl = env.STREAM_URL ?? null
  const realtimeKey = deriveKey(env.SECRET_KEY, 'realtime-token')
  const boxes = boxesOf(env.SECRET_KEY)
  const guardTarget = createTargetGuard(parseCidrs(env.ALLOW_TARGET_CIDRS), deps.resolve)
  const routes = routesOf(
    {
      ...deps,
      hasher: createPasswordHasher(),
      realtimeKey,
      ...boxes,
      guardTarget,
      streamUrl,
      publicUrl: env.PUBLIC_URL ?? null,
      waitingRoom,
    },
    endpoints,
  )
  const pipeline = createPipeline({
    ...deps,
    realtimeKey,
    csrf: createSecretBox(env.SECRET_KEY, 'csrf'),
    answers: createSecretBox(env.SECRET_KEY, 'idempotency'),
    ownOrigin,
    secureCookies: publicUrl?.protocol === 'https:',
    limits: {
      credential: createRateLimit(env.API_REQUESTS_PER_MINUTE),
      anonymous: createRateLimit(env.API_ANONYMOUS_REQUESTS_PER_MINUTE),
      signIn: createRateLimit(env.API_SIGN_INS_PER_MINUTE),
      sends: createRateLimit(env.API_SENDS_PER_MINUTE),
    },
  })
  return createApp({
    vitals: createVitalsDoor({
      beacons: createKnownBeacons(deps),
      buffer: vitals,
      limits: {
        address: createRateLimit(env.API_VITALS_PER_ADDRESS_PER_MINUTE),
        site: createRateLimit(env.API_VITALS_PER_SITE_PER_MINUTE),
      },
    }),
    statusPages: createStatusPageDoor({
      ...deps,
      ...boxes,
      ownOrigin,
      guardTarget,
      subscribeLimits: {
        address: createRateLimit(env.API_SUBSCRIPTIONS_PER_MINUTE),
        receiver: createRateLimit(env.API_SUBSCRIPTIONS_PER_MINUTE),
      },
    }),
    bounces: createBounceDoor({
      ...deps,
      secret: env.BOUNCE_SECRET ?? null,
      limit: createRateLimit(env.API_ANONYMOUS_REQUESTS_PER_MINUTE),
    }),
    routes,
    pipeline,
    openApi: createOpenApi(documentedEndpoints, { serverUrl: ownOrigin, version: '0.1.0' }),
    dashboardDir: deps.dashboardDir,
    publicUrl,
    streamUrl,
    corsOrigins: new Set([...env.API_CORS_ORIGINS, ...(ownOrigin ? [ownOrigin] : [])]),
    trustProxy: env.TRUST_PROXY,
    log: deps.log,
  })
}

/** What is sealed for one purpose cannot be opened for another. */
const boxesOf = (secretKey: string) => ({
  webhookBox: createSecretBox(secretKey, 'webhook'),
  subscriberBox: createSecretBox(secretKey, subscriberLinkPurpose),
  sourceBox: createSecretBox(secretKey, 'source'),
  destinationBox: createSecretBox(secretKey, 'destination'),
})
