import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { endpoints } from '@tocsin/contract/api/catalog'
import { createLog } from '@tocsin/process/log'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'
import { onServer } from '@tocsin/testkit/database'
import { requestOf, withQuery } from '@tocsin/testkit/endpoint-request'

describe('a server', () => {
  let api: TestApi
  let key: string
  const lines: string[] = []
  let dashboardDir: string
  beforeAll(async () => {
    dashboardDir = await mkdtemp(join(tmpdir(), 'tocsin-dashboard-'))
    await mkdir(join(dashboardDir, 'assets'))
    await writeFile(join(dashboardDir, 'index.html'), '<!doctype html><title>The dashboard</title>')
    await writeFile(join(dashboardDir, 'assets/main.0a1b2c.js'), 'start()')
    const log = createLog({ service: 'api', level: 'info', destination: { write: (line: string) => void lines.push(line) } })
    api = await startTestApi({
      env: {
        PUBLIC_URL: 'https://tocsin.example',
        API_CORS_ORIGINS: 'https://tools.example',
        API_ANONYMOUS_REQUESTS_PER_MINUTE: '20',
      },
      log,
      dashboardDir,
    })
    key = await api.apiKey(await api.world.newOrg(), 'admin')
  })
  afterAll(async () => {
    await api.stop()
    await rm(dashboardDir, { recursive: true })
  })

  test('tells its health and its metrics', async () => {
    expect((await api.call('GET', '/health/live')).status).toBe(200)
    expect((await api.call('GET', '/health')).body).toEqual({ status: 'ok', database: 'ok' })
    await api.call('GET', '/v1/sites', { key })
    expect((await api.call('GET', '/metrics')).text).toMatch(
      /tocsin_http_request_seconds_count\{endpoint="listSites",status="200"\} \d/,
    )
  })

  test('serves the dashboard: files that never change, screens that are always asked for', async () => {
    const html = { headers: { accept: 'text/html' } }
    for (const path of ['/', '/sites/site_1']) {
      const page = await api.call('GET', path, html)
      expect([page.status, page.headers.get('cache-control')]).toEqual([200, 'no-cache'])
      expect(page.text).toContain('The dashboard')
    }
    const asset = await api.call('GET', '/assets/main.0a1b2c.js')
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    for (const path of ['/assets/old.js', '/v1/nothing', '/api/nothing'])
      expect((await api.call('GET', path, html)).status).toBe(404)
  })

  test('serves the reference without anything from elsewhere', async () => {
    const page = await api.call('GET', '/docs')
    const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((match) => match[1] ?? '')
    expect(files).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui-bundle.js', '/docs/start.js'])
    for (const file of files) expect((await api.call('GET', file)).status).toBe(200)
    expect(page.text).not.toMatch(/https?:|<script>|onload|style=/)
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  })

  test('describes itself as OpenAPI 3.1', async () => {
    const { body } = await api.call('GET', '/v1/openapi.json')
    expect(body).toMatchObject({
      openapi: '3.1.0',
      servers: [{ url: 'https://tocsin.example' }],
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
    })
    const operation = (body['paths'] as Record<string, Record<string, object>>)['/v1/sites']?.['post']
    expect(operation).toMatchObject({
      operationId: 'createSite',
      requestBody: { content: { 'application/json': { schema: { $ref: '#/components/schemas/SiteInput' } } } },
      responses: { '201': expect.anything(), '422': expect.anything(), '429': expect.anything() },
    })
  })

  test('lets listed sites call with a key of their own, and no others', async () => {
    const preflight = (origin: string) =>
      api.call('OPTIONS', '/v1/sites', { headers: { origin, 'access-control-request-method': 'POST' } })
    const allowed = await preflight('https://tools.example')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([204, 'https://tools.example'])
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
  })

  test('writes one line for a request, with its id and its org, and no secret', async () => {
    lines.length = 0
    const made = await api.call('POST', '/v1/api-keys?x=1', { key, json: { name: 'secret name', scope: 'read' } })
    const facts = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['req'])
    expect(facts).toEqual([
      expect.objectContaining({
        requestId: made.headers.get('x-request-id'),
        orgId: expect.stringMatching(/^org_/),
        req: { method: 'POST', path: '/v1/api-keys' },
        res: { status: 422 },
      }),
    ])
    expect(lines.join('')).not.toMatch(new RegExp(`${key}|secret name`))
  })

  test('cookies are for https only when we are reached over https', async () => {
    const answer = await api.call('POST', '/v1/auth/sign-up', {
      json: { email: 'ada@example.com', password: 'correct horse', name: 'Ada' },
    })
    expect(answer.headers.get('set-cookie')).toContain('; Secure')
  })

  test.each([
    { sent: 'NONSENSE\r\n\r\n', status: 400 },
    { sent: `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, status: 431 },
  ])('answers what is no request with $status', async ({ sent, status }) => {
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1')
    socket.write(sent)
    expect(await text(socket)).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"status":${status}`))
  })

  test('counts requests without a credential by address, and says so', async () => {
    const answers = []
    for (let index = 0; index < 25; index += 1) answers.push(await api.call('GET', '/v1/sites', { key: 'tcn_wrong' }))
    const limited = answers.find((answer) => answer.status === 429)
    expect(limited?.headers.get('ratelimit-limit')).toBe('20')
    expect(limited?.headers.get('ratelimit-remaining')).toBe('0')
    expect(Number(limited?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(limited?.body).toMatchObject({ code: 'limit_reached', status: 429 })
    // Who shares the address and has a key of their own does not pay for it.
    expect((await api.call('GET', '/v1/sites', { key })).status).toBe(200)
  })
})

test('while Postgres is away every endpoint says so, and then works again by itself', async () => {
  const api = await startTestApi()
  try {
    const orgId = await api.world.newOrg()
    const key = await api.apiKey(orgId, 'admin')
    expect((await api.call('GET', '/v1/sites', { key })).status).toBe(200)
    const database = await nameOfDatabase(api)
    const server = process.env['TEST_DATABASE_URL'] ?? ''
    await onServer(server, `alter database ${database} allow_connections false`)
    await onServer(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${database}'`)
    for (const endpoint of endpoints) {
      const { method, path, query, json } = requestOf(endpoint, { orgId })
      const credential = endpoint.needs === 'person' ? { headers: { cookie: `tocsin_session=${'x'.repeat(43)}` } } : { key }
      const answer = await api.call(method, withQuery(path, query), { ...credential, ...(json === undefined ? {} : { json }) })
      expect([endpoint.id, answer.status, answer.body['code']]).toEqual([endpoint.id, 503, 'unavailable'])
      expect(answer.headers.get('retry-after')).toBe('3')
      expect(answer.text).not.toMatch(/postgres|ECONN|127\.0\.0\.1/)
    }
    expect((await api.call('GET', '/health')).status).toBe(503)
    await onServer(server, `alter database ${database} allow_connections true`)
    expect((await api.call('GET', '/v1/sites', { key })).status).toBe(200)
  } finally {
    await api.stop()
  }
})

async function nameOfDatabase(api: TestApi): Promise<string> {
  const { rows } = await api.world.db.transaction('installation', (sql) =>
    sql.query<{ name: string }>('select current_database() as name'),
  )
  return rows[0]?.name ?? ''
}

test('a stop ends the polls that wait and refuses whoever comes later', async () => {
  const api = await startTestApi()
  const orgId = await api.world.newOrg()
  const key = await api.apiKey(orgId, 'read')
  const { bus } = api.world
  const listen = bus.listen.bind(bus)
  let listening = 0
  const bothListen = new Promise<void>((resolve) => {
    bus.listen = (...args) => {
      listening += 1
      if (listening === 2) resolve()
      return listen(...args)
    }
  })
  const polls = [1, 2].map(() => api.call('GET', '/v1/events?after=1&wait=25', { key }))
  await bothListen
  const startedAt = performance.now()
  await api.stop()
  expect(performance.now() - startedAt).toBeLessThan(5_000)
  for (const poll of await Promise.all(polls)) expect(poll.body).toMatchObject({ data: [], reset: null })
  await expect(api.call('GET', '/v1/sites', { key })).rejects.toThrow()
})
