import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { signOut } from '@tocsin/contract/api/auth'
import { pushRankings } from '@tocsin/contract/api/rankings'
import { createSite, listSites, pauseSite } from '@tocsin/contract/api/sites'
import { ApiError, retryAfterMsOf } from './api-error.ts'
import { type Credential, createClient } from './client.ts'

const siteId = 'site_0123456789abcdefghjkmnpq'
const orgId = 'org_0123456789abcdefghjkmnpq'
const ended: (() => void)[] = []
afterEach(() => {
  for (const end of ended.splice(0)) end()
})

async function api(status: number, body: string, headers: Record<string, string> = {}) {
  const requests: { line: string; headers: Record<string, unknown>; body: string }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      })
      response.writeHead(status, headers).end(body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ended.push(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo // A listening TCP server has one.
  const client = (credential: Credential) => createClient({ url: `http://127.0.0.1:${port}`, credential, orgId })
  return { requests, client }
}

describe('the client', () => {
  test('asks as the endpoint says and answers what it promises', async () => {
    const { requests, client } = await api(200, '{"data":[],"nextCursor":null,"asOf":4}')
    expect(await client({ bearer: 'tcn_1' }).call(listSites, { query: { limit: 5 } })).toEqual({
      data: [],
      nextCursor: null,
      asOf: 4,
    })
    expect(requests[0]).toMatchObject({
      line: 'GET /v1/sites?limit=5',
      headers: { authorization: 'Bearer tcn_1', 'tocsin-org': orgId },
    })
  })

  test('a list is sent as CSV, and what else is to be said of it in the query', async () => {
    const list = { id: 'rkl_0123456789abcdefghjkmnpq', siteId, source: 'push', listId: 'monday', complete: null, entries: 1 }
    const at = '2026-11-01T00:00:00.000Z'
    const { requests, client } = await api(201, JSON.stringify({ ...list, checkedAt: at, recordedAt: at }))
    const csv = 'keyword,country,position\r\nblue shoes,US,4\r\n'
    const input = { params: { siteId }, query: { listId: 'monday' }, csv } as const
    expect(await client({ bearer: 'tcn_1' }).callWithCsv(pushRankings, input)).toMatchObject(list)
    expect(requests[0]).toMatchObject({
      line: `POST /v1/sites/${siteId}/rankings?listId=monday`,
      headers: { 'content-type': 'text/csv; charset=utf-8' },
      body: csv,
    })
  })

  test('a list is answered as CSV where it is asked for', async () => {
    const { requests, client } = await api(200, 'id,name\r\n1,one\r\n')
    expect(await client({ bearer: 'tcn_1' }).csvOf(listSites, { query: { limit: 5 } })).toBe('id,name\r\n1,one\r\n')
    expect(requests[0]).toMatchObject({ line: 'GET /v1/sites?limit=5', headers: { accept: 'text/csv' } })
  })

  test('a page proves its session with the CSRF token on everything but GET', async () => {
    const { requests, client } = await api(204, '')
    expect(await client({ csrfToken: 'csrf' }).call(signOut)).toBeUndefined()
    expect(requests[0]).toMatchObject({ line: 'POST /v1/auth/sign-out', headers: { 'x-csrf-token': 'csrf' } })
  })

  test('a problem becomes an ApiError with its fields', async () => {
    const problem = {
      type: 'about:blank',
      title: 'Invalid',
      status: 422,
      code: 'invalid',
      detail: 'Look again.',
      errors: [{ path: 'url', message: 'Private.' }],
      requestId: 'req_1',
    }
    const { requests, client } = await api(422, JSON.stringify(problem), { 'content-type': 'application/problem+json' })
    const error = await client(null)
      .call(createSite, { body: { url: 'http://10.0.0.1/' } })
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      code: 'invalid',
      status: 422,
      message: 'Look again.',
      issues: problem.errors,
      requestId: 'req_1',
    })
    expect(requests[0]?.body).toBe('{"url":"http://10.0.0.1/"}')
  })

  test.each([
    { when: 'a proxy answers for the server', status: 503, body: '<h1>Sorry</h1>', code: 'unavailable' },
    { when: 'the answer is not JSON', status: 200, body: '{"data":', code: 'unreadable' },
    { when: 'the answer is not what the contract says', status: 200, body: '{"id":7}', code: 'unreadable' },
  ])('when $when: $code', async ({ status, body, code }) => {
    const { client } = await api(status, body)
    await expect(client(null).call(pauseSite, { params: { siteId } })).rejects.toMatchObject({ code })
  })

  test('nobody there is an ApiError too', async () => {
    const client = createClient({ url: 'http://127.0.0.1:1', credential: null })
    await expect(client.call(listSites)).rejects.toMatchObject({ code: 'unreachable', status: 0 })
  })

  test.each([
    { header: '7', ms: 7000 },
    { header: 'Sun, 01 Nov 2026 00:00:09 GMT', ms: 9000 },
    { header: 'Sat, 31 Oct 2026 00:00:00 GMT', ms: 0 },
    { header: 'soon', ms: null },
    { header: null, ms: null },
  ])('Retry-After $header is $ms ms', ({ header, ms }) => {
    expect(retryAfterMsOf(header, new Date('2026-11-01T00:00:00Z'))).toBe(ms)
  })
})
