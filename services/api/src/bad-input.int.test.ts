import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { endpoints } from '@tocsin/contract/api/catalog'
import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { Problem } from '@tocsin/contract/problem'
import { startTestApi, type TestAnswer, type TestApi, type TestRequest } from '@tocsin/testkit/api'
import { dumpOrg } from '@tocsin/testkit/dump'
import { requestOf, withQuery } from '@tocsin/testkit/endpoint-request'
import fc from 'fast-check'

let api: TestApi
let orgId: OrgId
/** Of things that are there: what is refused is refused for its input, not because there is nothing to change. */
let ids: Record<string, string>
let byKey: TestRequest
let bySession: TestRequest

beforeAll(async () => {
  api = await startTestApi()
  const signed = await api.call('POST', '/v1/auth/sign-up', {
    json: { email: 'owner@example.com', password: 'correct horse', name: 'Ada' },
  })
  orgId = (signed.body['orgs'] as { id: OrgId }[])[0]?.id ?? newId('org')
  const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
  bySession = { headers: { cookie, 'x-csrf-token': String(signed.body['csrfToken']) } }
  byKey = { key: await api.apiKey(orgId, 'admin') }
  // This use of the key is noted now, and no other one while the clock stands still.
  const made = async (path: string, json: unknown) => String((await api.call('POST', path, { ...byKey, json })).body['id'])
  const siteId = await made('/v1/sites', { url: 'https://shop.example/' })
  ids = {
    orgId,
    userId: (signed.body['user'] as { id: string }).id,
    siteId,
    keywordId: await made(`/v1/sites/${siteId}/keywords`, { phrase: 'red shoes', country: 'US' }),
    competitorId: await made(`/v1/sites/${siteId}/competitors`, { domain: 'other.example' }),
    componentId: await made('/v1/components', { name: 'Shop' }),
    componentGroupId: await made('/v1/component-groups', { name: 'All' }),
    incidentId: await made('/v1/incidents', { title: 'Down' }),
    maintenanceId: await made('/v1/maintenances', {
      title: 'Disks',
      startsAt: '2099-03-01T10:00:00.000Z',
      endsAt: '2099-03-01T12:00:00.000Z',
    }),
    webhookId: await made('/v1/webhooks', { url: 'https://hook.example/' }),
    destinationId: await made('/v1/destinations', { kind: 'email', address: 'ops@example.com' }),
  }
})
afterAll(() => api.stop())

const credentialFor = (endpoint: EndpointDefinition): TestRequest => {
  if (endpoint.needs === 'nothing') return {}
  return endpoint.needs === 'person' || endpoint.needs === 'member' ? bySession : byKey
}

function send(endpoint: EndpointDefinition, more: TestRequest & { path?: string }): Promise<TestAnswer> {
  const valid = requestOf(endpoint, ids)
  const credential = credentialFor(endpoint)
  const { path = withQuery(valid.path, valid.query), ...rest } = more
  return api.call(valid.method, path, { ...credential, ...rest, headers: { ...credential.headers, ...rest.headers } })
}

function expectProblem(answer: TestAnswer, statuses: readonly number[]): void {
  expect(answer).toMatchObject({ status: expect.any(Number) })
  expect({ status: answer.status, text: answer.text, expected: statuses.includes(answer.status) }).toMatchObject({
    expected: true,
  })
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8')
  const problem = Problem.parse(answer.body)
  expect(problem.status).toBe(answer.status)
  expect(answer.headers.get('x-request-id')).toBe(problem.requestId)
}

/** What was refused has changed nothing. */
async function unchanged(work: () => Promise<void>): Promise<void> {
  const before = await dumpOrg(api.world.db, orgId)
  await work()
  expect(await dumpOrg(api.world.db, orgId)).toBe(before)
}

const nasty = [
  "'; drop table site; --",
  '<script>alert(1)</script>',
  '\u0000',
  'half a \ud83d character',
  '\u202egnirts',
  '🧨'.repeat(50),
  '../../../etc/passwd',
  '{{7*7}}%s%n',
  '__proto__',
  'a'.repeat(100_000),
]
const anyText = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'binary', maxLength: 300 }))
const anyNumber = fc.constantFrom(0, -1, 1.5, 1e21, -1e308, Number.MAX_SAFE_INTEGER, 2 ** 31, 2 ** 53)
const anyValue = fc.oneof(anyText, anyNumber, fc.boolean(), fc.constant(null), fc.jsonValue({ maxDepth: 3 }))

/** Ids that do not exist hide nothing here: an endpoint with a path is refused after its input has been looked at, or before. */
const refused = [400, 404, 409, 413, 415, 422, 429]
const runs = { numRuns: 25 }

const withBody = endpoints.filter((endpoint) => endpoint.body)
/** Signing out would end the session of the tests. */
const walked = endpoints.filter((endpoint) => endpoint.id !== 'signOut')

describe.each(walked)('$method $path', (endpoint) => {
  test('unknown and repeated query parameters', () =>
    unchanged(async () => {
      const { path, query } = requestOf(endpoint, ids)
      const wrong = endpoint.path.includes('{') && !endpoint.path.endsWith('{orgId}') ? [404, 422] : [422]
      expectProblem(await send(endpoint, { path: withQuery(path, { ...query, unknown: '1' }), ...valid(endpoint) }), wrong)
      expectProblem(await send(endpoint, { path: `${path}?__proto__=1`, ...valid(endpoint) }), wrong)
    }))

  test('whatever stands in the query', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom('cursor', 'limit', 'after', 'events', 'state', 'rule', 'siteId', 'x'),
        anyText,
        async (name, text) => {
          const { path } = requestOf(endpoint, ids)
          const answer = await send(endpoint, {
            path: withQuery(path, { [name]: text.toWellFormed().slice(0, 4000) }),
            ...valid(endpoint),
          })
          if (answer.status >= 400) expectProblem(answer, refused)
        },
      ),
      runs,
    ))

  for (const part of endpoint.path.split('/').filter((segment) => segment.startsWith('{')))
    test(`whatever stands for ${part} in the path`, () =>
      unchanged(() =>
        fc.assert(
          fc.asyncProperty(anyText, async (text) => {
            const encoded = encodeURIComponent(text.toWellFormed().slice(0, 1000))
            // Dots or nothing would be another path.
            if (/^\.{0,2}$/.test(encoded)) return
            const path = requestOf(endpoint, ids).path.split('/')
            const place = endpoint.path.split('/').indexOf(part)
            expectProblem(await send(endpoint, { path: path.with(place, encoded).join('/'), ...valid(endpoint) }), [404])
          }),
          runs,
        ),
      ))
})

const valid = (endpoint: EndpointDefinition): TestRequest => {
  const { json } = requestOf(endpoint, ids)
  return json === undefined ? {} : { json }
}

const takesNull = (endpoint: EndpointDefinition, name: string): boolean =>
  endpoint.body?.safeParse({ ...Object(requestOf(endpoint).json), [name]: null }).success ?? false

describe.each(withBody)('the body of $method $path', (endpoint) => {
  const fields = Object.entries(requestOf(endpoint).json as Record<string, unknown>)
  const json = { 'content-type': 'application/json' }

  test('is JSON, sent as JSON, and of a size', () =>
    unchanged(async () => {
      for (const raw of ['{', '{"a":1,}', "{'a':1}", 'undefined', '\u0000'])
        expectProblem(await send(endpoint, { raw, headers: json }), [400])
      for (const type of [
        'text/plain',
        'application/xml',
        'multipart/form-data; boundary=x',
        'application/x-www-form-urlencoded',
      ])
        expectProblem(await send(endpoint, { raw: '{}', headers: { 'content-type': type } }), [415])
      expectProblem(await send(endpoint, { raw: JSON.stringify({ name: 'x'.repeat(1024 * 1024) }), headers: json }), [413])
      expectProblem(await send(endpoint, { raw: '{}', headers: { ...json, 'content-encoding': 'compress' } }), [415])
      expectProblem(await send(endpoint, { raw: 'no gzip at all', headers: { ...json, 'content-encoding': 'gzip' } }), [400])
      expectProblem(await send(endpoint, { raw: '['.repeat(200_000), headers: json }), [400])
      expectProblem(await send(endpoint, { raw: '['.repeat(200_000) + ']'.repeat(200_000), headers: json }), [422])
    }))

  test('is an object without unknown fields', () =>
    unchanged(async () => {
      for (const root of [null, 1, 'text', true, [], [{}]]) expectProblem(await send(endpoint, { json: root }), [422])
      const unknown = await send(endpoint, { json: { ...Object.fromEntries(fields), isAdmin: true } })
      expectProblem(unknown, [422])
      expect(unknown.body['errors']).toContainEqual({ path: 'isAdmin', message: 'Unknown field.' })
      const raw = `{"__proto__":{"isAdmin":true},"constructor":1,${JSON.stringify(Object.fromEntries(fields)).slice(1)}`
      expectProblem(await send(endpoint, { raw, headers: json }), [422])
    }))

  test.each(fields.map(([name]) => name))('has a %s of the right type', (name) =>
    unchanged(async () => {
      // Where null has a meaning, such as none or its default, it is no mistake.
      for (const wrong of [...(takesNull(endpoint, name) ? [] : [null]), { a: 1 }, [[]], '\u0000', '\ud800', 'x'.repeat(200_000)])
        expectProblem(await send(endpoint, { json: { ...Object.fromEntries(fields), [name]: wrong } }), [422])
    }),
  )

  // Each of these may be valid, so nothing is said of what it changes.
  test.each(fields.map(([name]) => name))('has whatever in %s', (name) =>
    fc.assert(
      fc.asyncProperty(anyValue, async (value) => {
        const answer = await send(endpoint, { json: { ...Object.fromEntries(fields), [name]: value } })
        if (answer.status >= 400) expectProblem(answer, [...refused, 401])
      }),
      runs,
    ),
  )
})

test('thresholds of a rule: what it does not have or cannot hold changes nothing, nor does what is so already', () =>
  unchanged(async () => {
    const patch = (rule: string, raw: string) =>
      api.call('PATCH', `/v1/sites/${ids['siteId']}/rules/${rule}`, {
        ...byKey,
        raw,
        headers: { 'content-type': 'application/json' },
      })
    const wrong = [
      '{"hopsMin":1}',
      '{"hopsMin":3.5}',
      '{"hopsMin":"3"}',
      '{"hopsMin":[4]}',
      '{"hopsMin":true}',
      '{"hopsMin":1e400}',
    ]
    const unknown = ['{"nothing":1}', '{"nothing":null}', '{"constructor":null}']
    for (const raw of [...wrong, ...unknown, '{"hopsMin":4,"nothing":null}', '[]', '[4]', 'null', '4', '"hopsMin"'])
      expectProblem(await patch('redirect.chain', raw), [422])
    const many = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`${'x'.repeat(20)}${n}`, 1])))
    const answer = await patch('redirect.chain', many)
    expectProblem(answer, [422])
    expect(answer.text.length).toBeLessThan(10_000)
    expectProblem(await patch('redirect.chain', ''), [400, 422])
    expectProblem(await patch('no.such.rule', '{"hopsMin":4}'), [404])
    expectProblem(await patch('__proto__', '{"hopsMin":4}'), [404])
    // zod leaves out a __proto__ wherever it meets one.
    for (const same of ['{}', '{"hopsMin":null}', '{"__proto__":{"hopsMin":4}}', '{"__proto__":null}']) {
      const kept = await patch('redirect.chain', same)
      expect([kept.status, kept.body['config'], kept.body['changed']]).toEqual([200, { hopsMin: 3 }, []])
    }
  }))

describe('paths', () => {
  test.each([
    { method: 'GET', path: '/v1/nothing', status: 404 },
    { method: 'GET', path: '/v1/sites/%E0%A4%A', status: 400 },
    { method: 'GET', path: '/v1/sites/%00', status: 404 },
    { method: 'GET', path: '/docs/../../package.json', status: 404 },
    { method: 'GET', path: '/docs/%2e%2e/package.json', status: 404 },
    { method: 'PUT', path: '/v1/sites', status: 405 },
    { method: 'DELETE', path: '/v1/auth/sign-in', status: 405 },
  ])('$method $path → $status', async ({ method, path, status }) => {
    expectProblem(await api.call(method, path, byKey), [status])
  })

  test('a method that is not there says which are', async () => {
    expect((await api.call('PUT', '/v1/sites', byKey)).headers.get('allow')).toBe('GET, POST, HEAD')
  })
})
