import type { IncomingMessage, ServerResponse } from 'node:http'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Foundation } from '@tocsin/journal/foundation'
import type { DurableEvent } from '@tocsin/journal/read'
import { createLoop } from '@tocsin/process/loop'
import { deriveKey } from '@tocsin/process/secret-box'
import { combine, type Service } from '@tocsin/process/service'
import { type AccessDeps, addressOf, type StreamRequest } from './access.ts'
import { type Connection, Connections } from './connections.ts'
import { corsHeaders, preflightHeaders } from './cors.ts'
import { type Door, http1Door } from './doors.ts'
import type { GatewayEnv } from './env.ts'
import { createGate } from './gate.ts'
import { Limit } from './limits.ts'
import { createMeter } from './meter.ts'
import { openStream } from './open-stream.ts'
import { Presence } from './presence.ts'
import { refusalOf, refused } from './problem.ts'
import { revocationOf } from './revocations.ts'
import type { Second } from './stream.ts'
import { Windows } from './windows.ts'

export interface GatewayDeps extends Foundation {
  readonly env: GatewayEnv & { SECRET_KEY: string; PUBLIC_URL?: string | undefined }
}

export interface Gateway extends Service {
  readonly paths: readonly string[]
  /** For a server of somebody else. */
  handle(request: IncomingMessage, response: ServerResponse): void
  /** For every kind of door. */
  enter(request: StreamRequest, door: Door): void
}

/** The second one is as first specified. */
const paths = ['/v1/stream', '/api/realtime'] as const
/** How long a lost last message may go unnoticed. */
const sweepMs = 2_000
/** Of all orgs together: the database has other work too. */
const journalReadsMax = 4

export function createGateway(deps: GatewayDeps): Gateway {
  const parts = partsOf(deps)
  const { log, clock, env } = deps
  let stopping = false

  async function answer(request: StreamRequest, door: Door): Promise<void> {
    if (request.method === 'OPTIONS') return door.answer(204, preflightHeaders(request, parts.origins), '')
    try {
      if (request.method !== 'GET') throw new Refusal('method_not_allowed', 'A stream is opened with GET.')
      if (stopping) throw new Refusal('unavailable', 'This gateway is stopping; come again.', { retryAfterSeconds: 1 })
      await openStream(parts, request, door)
    } catch (error) {
      const refusal = refusalOf(error)
      const { status, code, headers, body } = refused(refusal, newId('request'))
      parts.meter.refused.inc({ code })
      // The address is not logged: it may hold a token.
      if (!refusal) log.error({ err: error }, 'A stream could not be opened.')
      door.answer(status, { ...headers, ...corsHeaders(request, parts.origins) }, body)
    }
  }
  const enter = (request: StreamRequest, door: Door): void => {
    answer(request, door).catch((error: unknown) => log.error({ err: error }, 'A refusal could not be sent.'))
  }

  const loops = combine('realtime-gateway', [
    createLoop({ name: 'sweep', everyMs: sweepMs, pass: () => parts.windows.sweep(), log, clock }),
    createLoop({
      name: 'wheel',
      everyMs: 1_000,
      log,
      clock,
      async pass() {
        parts.time.second = secondOf(clock.now())
        parts.connections.turn()
        await parts.presence.announce()
        return 'idle'
      },
    }),
  ])
  return {
    name: 'realtime-gateway',
    paths,
    handle(request, response) {
      const entrance = http1Door(request, response)
      enter(entrance.request, entrance.door)
    },
    enter,
    start: async () => {
      log.info(
        { heartbeatSeconds: env.GATEWAY_HEARTBEAT_SECONDS, lifetimeSeconds: env.GATEWAY_LIFETIME_SECONDS },
        'Streams are open.',
      )
      await loops.start()
    },
    async stop() {
      stopping = true
      await parts.connections.drain()
      await loops.stop()
      parts.windows.close()
    },
  }
}

const secondOf = (now: Date): Second => Math.floor(now.getTime() / 1000)

/** What the gateway consists of, wired. */
function partsOf(deps: GatewayDeps) {
  const { env, clock, journal } = deps
  const meter = createMeter(deps.metrics)
  const time = { second: secondOf(clock.now()) }
  const limits = {
    org: new Limit('org', env.GATEWAY_STREAMS_PER_ORG),
    user: new Limit('person or API key', env.GATEWAY_STREAMS_PER_USER),
    ip: new Limit('address', env.GATEWAY_STREAMS_PER_IP),
  }
  const onClosed = (connection: Connection): void => {
    connection.window.release()
    limits.org.leave(connection.orgId)
    limits.user.leave(connection.actor)
    limits.ip.leave(connection.ip)
    presence.changed(connection.orgId)
  }
  const connections = new Connections({ time, heartbeatSeconds: env.GATEWAY_HEARTBEAT_SECONDS, meter, onClosed })
  const presence = new Presence({ gateway: newId('connection'), journal, connections })
  const onEvent = (event: DurableEvent): void => {
    const revocation = revocationOf(event)
    if (!revocation) return
    windows.get(event.orgId)?.revoke(revocation)
    connections.endOfOrg(event.orgId, 'revoked', revocation.actor)
  }
  const onGone = (orgId: OrgId): void => connections.endOfOrg(orgId, 'gone', null)
  const windows = new Windows({
    ...deps,
    meter,
    gate: createGate(journalReadsMax),
    limits: { events: env.GATEWAY_WINDOW_EVENTS, bytes: env.GATEWAY_WINDOW_BYTES },
    now: () => clock.now(),
    onEvent,
    onGone,
  })
  const publicOrigin = env.PUBLIC_URL === undefined ? [] : [new URL(env.PUBLIC_URL).origin]
  const origins: ReadonlySet<string> = new Set([...env.GATEWAY_CORS_ORIGINS, ...publicOrigin])
  const access: AccessDeps = { db: deps.db, tokenKey: deriveKey(env.SECRET_KEY, 'realtime-token'), origins }
  return {
    meter,
    time,
    limits,
    connections,
    presence,
    windows,
    origins,
    access,
    clock,
    lifetimeSeconds: env.GATEWAY_LIFETIME_SECONDS,
    heartbeatSeconds: env.GATEWAY_HEARTBEAT_SECONDS,
    addressOf: (request: StreamRequest) => addressOf(request, env.TRUST_PROXY),
  }
}

export type GatewayParts = ReturnType<typeof partsOf>
