import { createServer, type IncomingMessage, type RequestListener, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { listen } from '@tocsin/process/health'
import type { Log } from '@tocsin/process/log'
import type { Service } from '@tocsin/process/service'

/** A part of the web server that is not the API: it answers the requests of its paths, and ends its connections itself. */
export interface Mount {
  readonly paths: readonly string[]
  handle(request: IncomingMessage, response: ServerResponse): void
}

/** A slow sender must not hold a socket for ever. */
const headersMsMax = 10_000
const requestMsMax = 30_000
/** Longer than the idle time of common balancers (60 s), so that it is they who close. */
const keepAliveMs = 65_000
const headerBytesMax = 16 * 1024
/** What is in hand has this long to be finished when we stop; the process has ten seconds in all. */
const finishMsMax = 6_000

export interface HttpServerOptions {
  port: number
  /** Answers false when the request is not for it. */
  health: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>
  mounts: readonly Mount[]
  app: RequestListener
  log: Log
}

export function createHttpServer(options: HttpServerOptions): Service {
  const mounts = new Map(options.mounts.flatMap((mount) => mount.paths.map((path) => [path, mount])))
  const inHand = createInHand()
  let stopping: Promise<void> | null = null

  const server = createServer({ maxHeaderSize: headerBytesMax }, (request, response) => {
    const path = pathOf(request)
    const mount = mounts.get(path)
    if (mount) return mount.handle(request, response)
    inHand.add(response)
    if (stopping) response.setHeader('Connection', 'close')
    if (!isHealthPath(path)) return options.app(request, response)
    options.health(request, response).then(
      (handled) => {
        if (!handled) options.app(request, response)
      },
      (error: unknown) => {
        options.log.error({ err: error }, 'The health of the service could not be told.')
        response.destroy()
      },
    )
  })
  server.headersTimeout = headersMsMax
  server.requestTimeout = requestMsMax
  server.keepAliveTimeout = keepAliveMs
  server.on('clientError', refuseUnreadable)

  async function stop(): Promise<void> {
    if (!server.listening) return
    // Not awaited: streams stay open until their own service ends them.
    server.close()
    server.closeIdleConnections()
    await inHand.finished(finishMsMax)
    server.closeIdleConnections()
  }

  return {
    name: 'http',
    start: () => listen(server, options.port),
    stop: () => (stopping ??= stop()),
  }
}

const pathOf = (request: IncomingMessage): string => request.url?.split('?', 1)[0] ?? '/'
const isHealthPath = (path: string): boolean => path === '/metrics' || path === '/health' || path.startsWith('/health/')

/** The answers that are being given, so that a stop can wait for them. */
function createInHand() {
  const answers = new Set<ServerResponse>()
  let onFinished = () => {}
  return {
    add(response: ServerResponse) {
      answers.add(response)
      response.once('close', () => {
        answers.delete(response)
        if (answers.size === 0) onFinished()
      })
    },
    async finished(msMax: number): Promise<void> {
      if (answers.size === 0) return
      const timer = setTimeout(() => {
        for (const response of answers) response.destroy()
      }, msMax)
      await new Promise<void>((resolve) => {
        onFinished = resolve
      })
      clearTimeout(timer)
    },
  }
}

/** What is not HTTP never becomes a request, so it is answered here, by hand. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400
  const code = status === 431 ? 'too_large' : 'malformed'
  const problem = {
    type: `urn:tocsin:problem:${code}`,
    title: STATUS_CODES[status],
    status,
    code,
    detail: 'This is not a request we can read.',
    errors: [],
    requestId: '',
  }
  const body = JSON.stringify(problem)
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  socket.end(head + body)
}
