import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** The Chrome UX Report API as it is documented, for one key. */
export interface CruxServer {
  readonly url: string
  /** Everything that was asked, in order. */
  readonly requests: readonly CruxRequest[]
  /** The next answers; after them it is well again. */
  misbehave(...misbehaviours: CruxMisbehaviour[]): void
  close(): Promise<void>
}

export interface CruxRequest {
  readonly method: 'queryRecord' | 'queryHistoryRecord'
  readonly target: string
  readonly form: string
}

/** `partial` leaves out a metric and the histograms; `slow` sends headers and never the rest; `garbage` is JSON of another shape. */
export type CruxMisbehaviour =
  | 'ok'
  | 'invalid_key'
  | 'forbidden'
  | 'quota'
  | 'server_error'
  | 'html'
  | 'garbage'
  | 'partial'
  | 'slow'

/** What the report knows of a page or an origin: by period, the last one last. */
export interface CruxPeriod {
  /** The last of its 28 days, as an ISO date. */
  readonly lastDay: string
  readonly lcp: number
  readonly inp: number
  readonly cls: number
  /** The share of good visits, of all three. */
  readonly good: number
}

export interface CruxData {
  readonly key: string
  /** Null: too few visits. */
  periods(target: string, form: string): readonly CruxPeriod[] | null
}

export async function createCruxServer(data: CruxData): Promise<CruxServer> {
  const requests: CruxRequest[] = []
  const queue: CruxMisbehaviour[] = []
  const server = createServer((request, response) => void handle(request, response))
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://crux.invalid')
    const [, method] = /^\/v1\/records:(queryRecord|queryHistoryRecord)$/.exec(url.pathname) ?? []
    const text = await textOf(request)
    if (!method || request.method !== 'POST') return refuse(response, 404, 'NOT_FOUND')
    const body = JSON.parse(text) as { url?: string; origin?: string; formFactor?: string; collectionPeriodCount?: number }
    const target = body.url ?? body.origin ?? ''
    const form = (body.formFactor ?? '').toLowerCase()
    requests.push({ method: method as CruxRequest['method'], target, form })
    const misbehaviour = queue.shift() ?? 'ok'
    if (misbehaviour !== 'ok' && misbehaviour !== 'partial') return spoilers[misbehaviour](response)
    if (url.searchParams.get('key') !== data.key) return spoilers.invalid_key(response)
    const periods = data.periods(target, form)
    const last = periods?.at(-1)
    if (!periods || !last) return refuse(response, 404, 'NOT_FOUND')
    const key = { ...(body.url === undefined ? { origin: target } : { url: target }), formFactor: body.formFactor }
    if (method === 'queryHistoryRecord')
      return send(response, 200, { record: history(key, periods.slice(-(body.collectionPeriodCount ?? 25))) })
    send(response, 200, { record: recordOf(key, last, misbehaviour === 'partial') })
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

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

const dayMs = 86_400_000
const dateOf = (time: number) => {
  const date = new Date(time)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}
const periodOf = ({ lastDay }: CruxPeriod) => ({
  firstDate: dateOf(Date.parse(lastDay) - 27 * dayMs),
  lastDate: dateOf(Date.parse(lastDay)),
})
const rest = (good: number) => Math.round(((1 - good) / 2) * 1e4) / 1e4

function recordOf(key: object, period: CruxPeriod, partial: boolean) {
  const bins = (edges: (number | string)[]) =>
    partial
      ? {}
      : {
          histogram: [
            { start: 0, end: edges[0], density: period.good },
            { start: edges[0], end: edges[1], density: rest(period.good) },
            { start: edges[1], density: rest(period.good) },
          ],
        }
  return {
    key,
    metrics: {
      largest_contentful_paint: { ...bins([2500, 4000]), percentiles: { p75: period.lcp } },
      ...(partial ? {} : { interaction_to_next_paint: { ...bins([200, 500]), percentiles: { p75: period.inp } } }),
      cumulative_layout_shift: { ...bins(['0.10', '0.25']), percentiles: { p75: period.cls.toFixed(2) } },
      navigation_types: { fractions: { navigate: 0.9, back_forward_cache: 0.1 } },
    },
    collectionPeriod: periodOf(period),
  }
}

function history(key: object, periods: readonly CruxPeriod[]) {
  const series = (p75s: (number | string)[], edges: (number | string)[]) => ({
    histogramTimeseries: [
      { start: 0, end: edges[0], densities: periods.map(({ good }) => good) },
      { start: edges[0], end: edges[1], densities: periods.map(({ good }) => rest(good)) },
      { start: edges[1], densities: periods.map(({ good }) => rest(good)) },
    ],
    percentilesTimeseries: { p75s },
  })
  return {
    key,
    metrics: {
      largest_contentful_paint: series(
        periods.map(({ lcp }) => lcp),
        [2500, 4000],
      ),
      interaction_to_next_paint: series(
        periods.map(({ inp }) => inp),
        [200, 500],
      ),
      cumulative_layout_shift: series(
        periods.map(({ cls }) => cls.toFixed(2)),
        ['0.10', '0.25'],
      ),
    },
    collectionPeriods: periods.map(periodOf),
  }
}

const spoilers = {
  invalid_key: (response) =>
    send(response, 400, {
      error: { code: 400, status: 'INVALID_ARGUMENT', message: 'API key not valid.', details: [{ reason: 'API_KEY_INVALID' }] },
    }),
  forbidden: (response) => refuse(response, 403, 'PERMISSION_DENIED'),
  quota: (response) => {
    response.setHeader('Retry-After', '60')
    refuse(response, 429, 'RESOURCE_EXHAUSTED')
  },
  server_error: (response) => refuse(response, 503, 'UNAVAILABLE'),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sorry…</title>'),
  garbage: (response) => send(response, 200, { record: { metrics: [], collectionPeriod: 'yesterday' } }),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"record":'),
} as const satisfies Record<Exclude<CruxMisbehaviour, 'ok' | 'partial'>, (response: ServerResponse) => void>

function refuse(response: ServerResponse, code: number, status: string): void {
  send(response, code, { error: { code, status, message: status } })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}
