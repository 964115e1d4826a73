import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** How an API misbehaves: `slow` sends the head and never the rest. */
export type Misbehaviour = 'quota' | 'credentials' | 'forbidden' | 'server_error' | 'html' | 'garbage' | 'partial' | 'slow'

export interface AnsweringServer {
  readonly url: string
  /** Path and query of what was asked, in order. */
  readonly requests: readonly string[]
  /** The next answers; after them it is well again. */
  misbehave(...misbehaviours: Misbehaviour[]): void
  close(): Promise<void>
}

/** A server that answers as an API does when it is well, and in turn as it does when it is not. */
export async function openAnswering(
  answer: (url: URL, request: IncomingMessage) => { status: number; body: unknown },
  partial: unknown,
): Promise<AnsweringServer> {
  const requests: string[] = []
  const queue: Misbehaviour[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    const misbehaviour = queue.shift()
    if (misbehaviour === 'partial') return sendJson(response, 200, partial)
    if (misbehaviour) return spoilers[misbehaviour](response)
    const { status, body } = answer(new URL(request.url ?? '/', 'http://api.invalid'), request)
    sendJson(response, status, body)
  })
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    misbehave: (...misbehaviours) => void queue.push(...misbehaviours),
    async close() {
      server.closeAllConnections()
      await close(server)
    },
  }
}

const problem = (code: number, status: string, message: string) => ({ error: { code, status, message } })

const spoilers = {
  quota: (response) => {
    response.setHeader('Retry-After', '120')
    sendJson(response, 429, problem(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded.'))
  },
  credentials: (response) => sendJson(response, 400, problem(400, 'INVALID_ARGUMENT', 'API key not valid.')),
  forbidden: (response) => sendJson(response, 403, problem(403, 'PERMISSION_DENIED', 'The API is not enabled.')),
  server_error: (response) => sendJson(response, 503, problem(503, 'UNAVAILABLE', 'Try again later.')),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Maintenance</title>'),
  garbage: (response) => sendJson(response, 200, { threats: 'many', threat: 7 }),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"threats":['),
} as const satisfies Record<Exclude<Misbehaviour, 'partial'>, (response: ServerResponse) => void>

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
