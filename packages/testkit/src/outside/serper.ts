import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** Serper's search as it answers, for one key. */
export interface SerperServer {
  readonly url: string
  /** Everything that was asked, in order. */
  readonly requests: readonly SerperQuestion[]
  /** The next answers; after them it is well again. */
  misbehave(...misbehaviours: SerperMisbehaviour[]): void
  close(): Promise<void>
}

export interface SerperQuestion {
  readonly q: string
  readonly gl: string
  readonly hl?: string
  readonly num: number
}

/** `partial`: the list is missing; `unreadable`: most of its results have no position; `slow` sends headers and never the rest. */
export type SerperMisbehaviour =
  | 'ok'
  | 'invalid_key'
  | 'forbidden'
  | 'no_credits'
  | 'quota'
  | 'server_error'
  | 'html'
  | 'garbage'
  | 'partial'
  | 'unreadable'
  | 'empty'
  | 'slow'

export interface SerperData {
  readonly key: string
  /** The addresses in their order. */
  results(question: SerperQuestion): readonly string[]
}

export async function createSerperServer(data: SerperData): Promise<SerperServer> {
  const requests: SerperQuestion[] = []
  const queue: SerperMisbehaviour[] = []
  const server = createServer((request, response) => void handle(request, response))
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(Buffer.from(chunk))
    const question = questionIn(Buffer.concat(chunks).toString('utf8'))
    if (request.method !== 'POST' || request.url !== '/search')
      return send(response, 404, { message: 'Not found', statusCode: 404 })
    if (request.headers['x-api-key'] !== data.key) return spoilers.invalid_key(response)
    if (!question) return send(response, 400, { message: 'Missing query parameter', statusCode: 400 })
    requests.push(question)
    const results = data.results(question).slice(0, question.num)
    const misbehaviour = queue.shift() ?? 'ok'
    spoilers[misbehaviour](response, results)
  }
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

const organic = (results: readonly string[]) =>
  results.map((link, n) => ({ title: `Result ${n + 1}`, link, snippet: 'Some words.', position: n + 1 }))

const spoilers = {
  ok: (response, results) =>
    send(response, 200, { searchParameters: { type: 'search', engine: 'google' }, organic: organic(results), credits: 1 }),
  invalid_key: (response) => send(response, 403, { message: 'Unauthorized.', statusCode: 403 }),
  forbidden: (response) => send(response, 403, { message: 'Forbidden', statusCode: 403 }),
  no_credits: (response) => send(response, 400, { message: 'Not enough credits', statusCode: 400 }),
  quota: (response) => {
    response.setHeader('Retry-After', '60')
    send(response, 429, { message: 'Too many requests', statusCode: 429 })
  },
  server_error: (response) => send(response, 502, {}),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Maintenance</title>'),
  garbage: (response) => send(response, 200, { organic: 'none', credits: [] }),
  partial: (response) => send(response, 200, { searchParameters: { type: 'search' }, credits: 1 }),
  unreadable: (response, results) =>
    send(response, 200, { organic: organic(results).map((each, n) => (n === 0 ? each : { title: each.title })) }),
  empty: (response) => send(response, 200, { organic: [], credits: 1 }),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"organic":['),
} as const satisfies Record<SerperMisbehaviour, (response: ServerResponse, results: readonly string[]) => void>

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function questionIn(text: string): SerperQuestion | null {
  const body: unknown = JSON.parse(text)
  if (typeof body !== 'object' || body === null || !('q' in body) || !('gl' in body) || !('num' in body)) return null
  // A question of ours, or the test that reads it fails.
  return body as SerperQuestion
}
