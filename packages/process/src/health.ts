import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Registry } from 'prom-client'
import type { Service } from './service.ts'

/** `vital` parts make the service `down` when they fail; the others only `degraded`. */
export interface HealthPart {
  readonly name: string
  readonly vital: boolean
  check(): Promise<boolean>
  /** What is said when it is well, if there is more to say than `ok`. */
  readonly say?: () => string
}

export interface HealthReport {
  status: 'ok' | 'degraded' | 'down'
  [part: string]: string
}

const checkMsMax = 2_000

export async function healthOf(parts: readonly HealthPart[]): Promise<HealthReport> {
  const answers = await Promise.all(parts.map(async (part) => ({ part, ok: await answersInTime(part) })))
  const failed = answers.filter((answer) => !answer.ok)
  const status = failed.some((answer) => answer.part.vital) ? 'down' : failed.length > 0 ? 'degraded' : 'ok'
  const words = answers.map(({ part, ok }) => [part.name, ok ? (part.say?.() ?? 'ok') : part.vital ? 'down' : 'degraded'])
  return { status, ...Object.fromEntries(words) }
}

async function answersInTime(part: HealthPart): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, checkMsMax, false)
  })
  // A check that throws is a check that failed: that is what it is asked for.
  const answer = await Promise.race([part.check().catch(() => false), late])
  clearTimeout(timer)
  return answer
}

/** Answers /health/live, /health/ready, /health and /metrics; false if the request is for something else. */
export function createHealthHandler(parts: readonly HealthPart[], metrics: Registry) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<boolean> => {
    const path = request.url?.split('?')[0]
    if (path === '/health/live') {
      respond(response, 200, 'application/json', '{"status":"ok"}')
    } else if (path === '/health' || path === '/health/ready') {
      const report = await healthOf(parts)
      respond(response, report.status === 'down' ? 503 : 200, 'application/json', JSON.stringify(report))
    } else if (path === '/metrics') {
      respond(response, 200, metrics.contentType, await metrics.metrics())
    } else {
      return false
    }
    return true
  }
}

function respond(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}

/** The small server of a service that has no other one. */
export function createHealthServer(options: { port: number; parts: readonly HealthPart[]; metrics: Registry }): Service {
  const handle = createHealthHandler(options.parts, options.metrics)
  let server: Server | null = null
  return {
    name: 'health',
    async start() {
      server = createServer((request, response) => {
        handle(request, response).then(
          (handled) => {
            if (!handled) respond(response, 404, 'application/json', '{"status":"not_found"}')
          },
          () => response.destroy(),
        )
      })
      await listen(server, options.port)
    },
    async stop() {
      await close(server)
      server = null
    },
  }
}

export async function listen(server: Server, port: number, host?: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** Ends idle connections at once; those in the middle of an answer get to finish it. */
export async function close(server: Server | null): Promise<void> {
  if (!server?.listening) return
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
}
