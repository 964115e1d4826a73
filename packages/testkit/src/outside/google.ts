import { createPublicKey, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** Search Console's API and Google's token endpoint, as documented, for one property. */
export interface GoogleServer {
  readonly url: string
  readonly tokenUrl: string
  /** Everything that was asked, in order. */
  readonly requests: readonly GoogleRequest[]
  /** The next answers of an endpoint; after them it is well again. */
  misbehave(endpoint: GoogleEndpoint, ...misbehaviours: GoogleMisbehaviour[]): void
  /** Whatever was still to go wrong does not. */
  recover(): void
  close(): Promise<void>
}

export type GoogleEndpoint = 'token' | 'site' | 'analytics' | 'inspection'
export interface GoogleRequest {
  readonly endpoint: GoogleEndpoint
  readonly body: Readonly<Record<string, unknown>>
}

/** `slow` sends headers and never the rest; `cut` breaks off in the middle; `garbage` is JSON of another shape. */
export type GoogleMisbehaviour =
  | 'ok'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'quota'
  | 'rate_limit'
  | 'retry_later'
  | 'invalid_grant'
  | 'server_error'
  | 'html'
  | 'garbage'
  | 'slow'
  | 'cut'

export interface GoogleRow {
  readonly query: string
  readonly page: string
  readonly clicks: number
  readonly impressions: number
  readonly position: number
}

export interface GoogleProperty {
  readonly property: string
  /** PEM. Without it any service account is welcome. */
  readonly publicKey?: string
  readonly refreshToken?: string
  readonly permissionLevel?: string
  /** Final days by Pacific date. */
  days(): ReadonlyMap<string, readonly GoogleRow[]>
  /** By hour, as Google writes it: `2026-03-01T07:00:00-08:00`. */
  hours?(): { readonly rows: ReadonlyMap<string, readonly GoogleRow[]>; readonly firstIncompleteHour?: string }
  inspection?(url: string): object | undefined
}

type Body = Record<string, unknown>

export async function createGoogleServer(of: GoogleProperty): Promise<GoogleServer> {
  const requests: GoogleRequest[] = []
  const queues = new Map<GoogleEndpoint, GoogleMisbehaviour[]>()
  const server = createServer((request, response) => void handle(request, response))
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  const url = `http://127.0.0.1:${address.port}`

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request)
    const endpoint = endpointOf(request.url ?? '')
    if (!endpoint) return send(response, 404, errorOf(404, 'notFound'))
    const body: Body = endpoint === 'token' ? Object.fromEntries(new URLSearchParams(text)) : text === '' ? {} : JSON.parse(text)
    requests.push({ endpoint, body })
    const misbehaviour = queues.get(endpoint)?.shift() ?? 'ok'
    if (misbehaviour !== 'ok') return spoilers[misbehaviour](response)
    if (endpoint === 'token') return grant(response, of, body, `${url}/token`)
    if (request.headers.authorization !== `Bearer ${theToken}`) return spoilers.unauthorized(response)
    if (endpoint !== 'inspection' && propertyOf(request.url ?? '') !== of.property) return spoilers.forbidden(response)
    if (endpoint === 'site')
      return send(response, 200, { siteUrl: of.property, permissionLevel: of.permissionLevel ?? 'siteFullUser' })
    if (endpoint === 'analytics') return send(response, 200, figures(of, body))
    const inspected = of.inspection?.(String(body['inspectionUrl']))
    return inspected ? send(response, 200, inspected) : send(response, 400, errorOf(400, 'invalid'))
  }

  return {
    url,
    tokenUrl: `${url}/token`,
    requests,
    misbehave(endpoint, ...misbehaviours) {
      queues.set(endpoint, [...(queues.get(endpoint) ?? []), ...misbehaviours])
    },
    recover: () => queues.clear(),
    async close() {
      server.closeAllConnections()
      await close(server)
    },
  }
}

const theToken = 'ya29.a-token-of-the-test'

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks).toString('utf8')
}

function endpointOf(path: string): GoogleEndpoint | null {
  if (path === '/token') return 'token'
  if (path === '/v1/urlInspection/index:inspect') return 'inspection'
  if (/^\/webmasters\/v3\/sites\/[^/]+\/searchAnalytics\/query$/.test(path)) return 'analytics'
  return /^\/webmasters\/v3\/sites\/[^/]+$/.test(path) ? 'site' : null
}

const propertyOf = (path: string): string => decodeURIComponent(path.split('/')[4] ?? '')

function grant(response: ServerResponse, of: GoogleProperty, body: Body, audience: string): void {
  const good = body['grant_type'] === 'refresh_token' ? body['refresh_token'] === of.refreshToken : isSigned(of, body, audience)
  if (good) send(response, 200, { access_token: theToken, expires_in: 3599, token_type: 'Bearer' })
  else spoilers.invalid_grant(response)
}

function isSigned({ publicKey }: GoogleProperty, body: Body, audience: string): boolean {
  const [header = '', claims = '', signature = ''] = String(body['assertion']).split('.')
  const said = JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as {
    aud: string
    iat: number
    exp: number
    scope: string
  }
  const honest = said.aud === audience && said.exp - said.iat <= 3600 && said.scope.endsWith('/webmasters.readonly')
  if (publicKey === undefined) return honest
  const key = createPublicKey(publicKey)
  return honest && verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))
}

function figures(of: GoogleProperty, body: Body): object {
  const {
    dimensions,
    startDate,
    endDate,
    startRow = 0,
    rowLimit = 1_000,
  } = body as {
    dimensions: string[]
    startDate: string
    endDate: string
    startRow?: number
    rowLimit?: number
  }
  const hourly = dimensions[0] === 'hour'
  const hours = of.hours?.()
  const by = hourly ? (hours?.rows ?? new Map<string, GoogleRow[]>()) : of.days()
  const groups = new Map<string, { keys: string[]; rows: GoogleRow[] }>()
  for (const [time, rows] of by) {
    if (time.slice(0, 10) < startDate || time.slice(0, 10) > endDate) continue
    for (const row of rows) {
      const keys = dimensions.map((name) => (name === 'query' ? row.query : name === 'page' ? row.page : time))
      const group = groups.get(keys.join('\n')) ?? { keys, rows: [] }
      group.rows.push(row)
      groups.set(keys.join('\n'), group)
    }
  }
  const rows = [...groups.values()].map(summed).toSorted((a, b) => b.clicks - a.clicks)
  const mark = hourly && hours?.firstIncompleteHour ? { metadata: { firstIncompleteHour: hours.firstIncompleteHour } } : {}
  const page = rows.slice(startRow, startRow + rowLimit)
  return { ...(page.length > 0 ? { rows: page } : {}), responseAggregationType: 'byPage', ...mark }
}

function summed({ keys, rows }: { keys: string[]; rows: GoogleRow[] }) {
  const clicks = rows.reduce((sum, row) => sum + row.clicks, 0)
  const impressions = rows.reduce((sum, row) => sum + row.impressions, 0)
  const position = rows.reduce((sum, row) => sum + row.position * row.impressions, 0) / Math.max(1, impressions)
  return { keys, clicks, impressions, ctr: clicks / Math.max(1, impressions), position }
}

function send(response: ServerResponse, status: number, body: object, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers }).end(JSON.stringify(body))
}

const errorOf = (code: number, reason: string) => ({
  error: { code, message: 'Whatever Google says.', errors: [{ domain: 'usageLimits', reason, message: 'As above.' }] },
})

const spoilers: Record<Exclude<GoogleMisbehaviour, 'ok'>, (response: ServerResponse) => void> = {
  unauthorized: (response) => send(response, 401, errorOf(401, 'authError')),
  forbidden: (response) => send(response, 403, errorOf(403, 'forbidden')),
  not_found: (response) => send(response, 404, errorOf(404, 'notFound')),
  quota: (response) => send(response, 403, errorOf(403, 'quotaExceeded')),
  rate_limit: (response) => send(response, 403, errorOf(403, 'rateLimitExceeded')),
  retry_later: (response) => send(response, 429, errorOf(429, 'rateLimitExceeded'), { 'retry-after': '7200' }),
  invalid_grant: (response) => send(response, 400, { error: 'invalid_grant', error_description: 'Token has been revoked.' }),
  server_error: (response) => send(response, 503, errorOf(503, 'backendError')),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Sorry…</title>'),
  garbage: (response) => send(response, 200, { rows: [{ keys: 'no list', clicks: 'many' }] }),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"rows":['),
  cut(response) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' }).write('{"rows":[')
    response.destroy()
  },
}
