import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type ServerHttp2Session } from 'node:http2'
import { newId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { createHealthHandler, type HealthPart } from '@tocsin/process/health'
import { combine, type Service } from '@tocsin/process/service'
import { type Door, http1Door, http2Door, socketDoor } from './doors.ts'
import { createGateway, type GatewayDeps } from './gateway.ts'
import { refused } from './problem.ts'
import { createSortingServer } from './sorting-server.ts'

const headerBytesMax = 16 * 1024
/** Streams on one connection of a proxy. */
const streamsPerSessionMax = 1_000
/** Longer than the idle time of common balancers (60 s), so that it is they who close. */
const idleSessionMs = 65_000

/** The gateway on a port of its own, with health and metrics beside it: HTTP/1.1, and HTTP/2 by prior knowledge. */
export function createGatewayService(deps: GatewayDeps & { health: readonly HealthPart[] }): Service {
  const gateway = createGateway(deps)
  const health = createHealthHandler(deps.health, deps.metrics.registry)
  const isStream = (target: string) => gateway.paths.includes(target.split('?', 1)[0] ?? '')

  const requestMsMax = deps.env.GATEWAY_REQUEST_SECONDS * 1000

  const http1 = createPatientServer(requestMsMax, (request, response) => {
    if (isStream(request.url ?? '')) gateway.handle(request, response)
    else answerHealth(request, response)
  })
  function answerHealth(request: IncomingMessage, response: ServerResponse): void {
    health(request, response).then(
      (handled) => {
        if (!handled) refuseUnknown(http1Door(request, response).door)
      },
      (error: unknown) => {
        deps.log.error({ err: error }, 'The health of the service could not be told.')
        response.destroy()
      },
    )
  }
  const http2 = createHttp2Server({ settings: { maxConcurrentStreams: streamsPerSessionMax } }, (request, response) => {
    const entrance = http2Door(request, response)
    if (isStream(entrance.request.target)) gateway.enter(entrance.request, entrance.door)
    else refuseUnknown(entrance.door)
  })
  const sessions = new Set<ServerHttp2Session>()
  http2.on('session', (session) => {
    sessions.add(session)
    session.on('close', () => sessions.delete(session))
    closeWhenIdle(session, requestMsMax)
  })

  const server = createSortingServer({
    port: deps.env.GATEWAY_PORT,
    firstBytesMs: requestMsMax,
    http1,
    http2,
    takes: isStream,
    take: (request, socket) => gateway.enter(request, socketDoor(socket)),
  })
  const rest: Service = {
    name: 'rest',
    start: async () => {},
    async stop() {
      for (const session of sessions) session.destroy()
      http1.closeAllConnections()
    },
  }
  // Stopped from the end: no new connections, then the streams end, then what is left.
  return combine('realtime-gateway', [rest, gateway, server])
}

/** As patient as we say, and no more: a request has so long to arrive. */
function createPatientServer(requestMsMax: number, answer: RequestListener): Server {
  const limits = { headersTimeout: requestMsMax, requestTimeout: requestMsMax, connectionsCheckingInterval: 1_000 }
  const server = createServer({ maxHeaderSize: headerBytesMax, ...limits }, answer)
  // Node begins to look for late requests when a server begins to listen; this one never does, it is handed its connections.
  server.emit('listening')
  return server
}

/** A session without a stream is nobody's: at first for as long as a request may take, later for as long as proxies keep theirs. */
function closeWhenIdle(session: ServerHttp2Session, firstMs: number): void {
  let open = 0
  session.on('stream', (stream) => {
    open += 1
    session.setTimeout(idleSessionMs)
    stream.once('close', () => {
      open -= 1
    })
  })
  session.setTimeout(firstMs)
  session.on('timeout', () => {
    if (open === 0) session.destroy()
  })
}

function refuseUnknown(door: Door): void {
  const { status, headers, body } = refused(new Refusal('not_found', 'There is nothing here but streams.'), newId('request'))
  door.answer(status, headers, body)
}
