import { createServer, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** SerpApi's Google search as it is documented, for one key. */
export interface SerpApiServer {
  readonly url: string
  /** Everything that was asked, in order, without the key. */
  readonly requests: readonly SerpApiQuestion[]
  /** The next answers; after them it is well again. */
  misbehave(...misbehaviours: SerpApiMisbehaviour[]): void
  close(): Promise<void>
}

export type SerpApiQuestion = Readonly<Record<string, string>>

/** `processing` and `search_error` are answers without a measurement; `empty` says that Google found nothing. */
export type SerpApiMisbehaviour =
  | 'ok'
  | 'invalid_key'
  | 'forbidden'
  | 'no_searches'
  | 'server_error'
  | 'search_error'
  | 'processing'
  | 'empty'
  | 'html'
  | 'garbage'
  | 'partial'
  | 'slow'

export interface SerpApiData {
  readonly key: string
  /** The addresses in their order. */
  results(question: SerpApiQuestion): readonly string[]
}

export async function createSerpApiServer(data: SerpApiData): Promise<SerpApiServer> {
  const requests: SerpApiQuestion[] = []
  const queue: SerpApiMisbehaviour[] = []
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://serpapi.invalid')
    const { api_key: key, ...question } = Object.fromEntries(searchParams)
    if (request.method !== 'GET' || pathname !== '/search.json') return send(response, 404, { error: 'Not Found' })
    if (key !== data.key) return spoilers.invalid_key(response)
    if (question['engine'] !== 'google' || !question['q']) return send(response, 400, { error: 'Missing query `q` parameter.' })
    requests.push(question)
    const misbehaviour = queue.shift() ?? 'ok'
    spoilers[misbehaviour](response, data.results(question).slice(0, Number(question['num'] ?? 10)))
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

const success = { search_metadata: { id: '65f0', status: 'Success', total_time_taken: 1.2 } }

const spoilers = {
  ok: (response, results) =>
    send(response, 200, {
      ...success,
      search_information: { organic_results_state: 'Results for exact spelling' },
      organic_results: results.map((link, n) => ({ position: n + 1, title: `Result ${n + 1}`, link, snippet: 'Some words.' })),
    }),
  invalid_key: (response) => send(response, 401, { error: 'Invalid API key.' }),
  forbidden: (response) => send(response, 403, { error: 'The account is disabled.' }),
  no_searches: (response) => send(response, 429, { error: 'Your account has run out of searches.' }),
  server_error: (response) => send(response, 500, { error: 'Internal error.' }),
  search_error: (response) =>
    send(response, 503, { search_metadata: { status: 'Error' }, error: 'The search could not be made.' }),
  processing: (response) => send(response, 200, { search_metadata: { status: 'Processing' } }),
  empty: (response) =>
    send(response, 200, {
      ...success,
      search_information: { organic_results_state: 'Fully empty' },
      error: "Google hasn't returned any results for this query.",
    }),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Maintenance</title>'),
  garbage: (response) => send(response, 200, { search_metadata: 7, organic_results: 'many' }),
  partial: (response, results) =>
    send(response, 200, { ...success, organic_results: results.map((link) => ({ title: 'A result', link })) }),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"search_metadata":{'),
} as const satisfies Record<SerpApiMisbehaviour, (response: ServerResponse, results: readonly string[]) => void>

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
