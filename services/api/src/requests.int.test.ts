import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId } from '@tocsin/contract/ids'
import { createSite } from '@tocsin/domain/sites/sites'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

let api: TestApi
let orgId: OrgId
let key: string
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'admin')
})

const addSite = (url: string, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/sites', { key, headers, json: { url } })
const sites = async () => (await api.call('GET', '/v1/sites', { key })).body['data'] as { id: string; url: string }[]

describe('API keys', () => {
  test('each scope may do what it says and no more', async () => {
    const statuses: Record<string, number[]> = {}
    for (const scope of ['read', 'write', 'admin'] as const) {
      const own = await api.apiKey(orgId, scope)
      const answers = [
        await api.call('GET', '/v1/sites', { key: own }),
        await api.call('POST', '/v1/sites', { key: own, json: { url: `https://shop.example/${scope}` } }),
        await api.call('POST', '/v1/api-keys', { key: own, json: { name: 'Another', scope: 'read' } }),
        await api.call('GET', '/v1/auth/session', { key: own }),
      ]
      statuses[scope] = answers.map((answer) => answer.status)
    }
    expect(statuses).toEqual({ read: [200, 403, 403, 403], write: [200, 201, 403, 403], admin: [200, 201, 201, 403] })
  })

  test('a key is shown once, works until it is revoked, and its use is noted to the minute', async () => {
    const made = await api.call('POST', '/v1/api-keys', { key, json: { name: 'CI', scope: 'read' } })
    const { id, key: shown, prefix } = made.body as { id: string; key: string; prefix: string }
    expect(shown).toMatch(/^tcn_[0-9a-z]{32}$/)
    expect(shown.startsWith(prefix)).toBe(true)
    expect((await api.call('GET', '/v1/sites', { key: shown })).status).toBe(200)
    const listed = await api.call('GET', '/v1/api-keys', { key })
    expect(listed.text).not.toContain(shown)
    expect(listed.body['data']).toContainEqual(expect.objectContaining({ id, lastUsedAt: api.world.clock.now().toISOString() }))
    expect((await api.call('DELETE', `/v1/api-keys/${id}`, { key })).status).toBe(204)
    expect((await api.call('DELETE', `/v1/api-keys/${id}`, { key })).status).toBe(204)
    const refused = await api.call('GET', '/v1/sites', { key: shown })
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="tocsin"'])
  })

  test('a key ends when it expires', async () => {
    const expiresAt = new Date(api.world.clock.now().getTime() + 60_000).toISOString()
    const made = await api.call('POST', '/v1/api-keys', { key, json: { name: 'Short', scope: 'read', expiresAt } })
    const short = { key: String(made.body['key']) }
    expect((await api.call('GET', '/v1/sites', short)).status).toBe(200)
    api.world.clock.advance(60_000)
    expect((await api.call('GET', '/v1/sites', short)).status).toBe(401)
    const past = await api.call('POST', '/v1/api-keys', { key, json: { name: 'Past', scope: 'read', expiresAt } })
    expect([past.status, past.body['errors']]).toEqual([422, [{ path: 'expiresAt', message: 'Must be in the future.' }]])
  })

  test.each(['Bearer tcn_unknown', 'Bearer', 'Basic dXNlcjpwYXNz', 'Bearer tcn_a tcn_b', `Bearer tcn_${'x'.repeat(4000)}`])(
    'the header %.20s opens nothing',
    async (authorization) => {
      expect((await api.call('GET', '/v1/sites', { headers: { authorization } })).status).toBe(401)
    },
  )
})

describe('requests that come again', () => {
  test('the same key with the same request answers the same and does it once', async () => {
    const first = await addSite('https://shop.example/', { 'idempotency-key': 'a' })
    const second = await addSite('https://shop.example/', { 'idempotency-key': 'a' })
    expect([first.status, second.status]).toEqual([201, 201])
    expect(second.body).toEqual(first.body)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(await sites()).toHaveLength(1)
  })

  test('many at once do it once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => addSite('https://shop.example/', { 'idempotency-key': 'a' })),
    )
    // Whoever comes while the first is at work is asked to come again.
    expect(
      answers.every((answer) => answer.status === 201 || (answer.status === 409 && answer.headers.get('retry-after') === '1')),
    ).toBe(true)
    const ids = new Set(answers.filter((answer) => answer.status === 201).map((answer) => answer.body['id']))
    expect(ids.size).toBe(1)
    expect(await sites()).toHaveLength(1)
  })

  test('the same key with another request is refused, and another credential has keys of its own', async () => {
    await addSite('https://shop.example/', { 'idempotency-key': 'a' })
    const other = await addSite('https://shop.example/other', { 'idempotency-key': 'a' })
    expect([other.status, other.body['code']]).toEqual([422, 'invalid'])
    key = await api.apiKey(orgId, 'write')
    expect((await addSite('https://shop.example/other', { 'idempotency-key': 'a' })).status).toBe(201)
  })

  test('what was refused may be sent again, and after a day a key is free', async () => {
    const refused = await addSite('https://inside.example/', { 'idempotency-key': 'a' })
    expect(refused.status).toBe(422)
    expect((await addSite('https://shop.example/', { 'idempotency-key': 'a' })).status).toBe(201)
    api.world.clock.advance(24 * 3600_000)
    expect((await addSite('https://shop.example/later', { 'idempotency-key': 'a' })).status).toBe(201)
  })

  test('a secret that is shown once is shown again, and cannot be read in the table', async () => {
    const make = () =>
      api.call('POST', '/v1/api-keys', { key, headers: { 'idempotency-key': 'k' }, json: { name: 'CI', scope: 'read' } })
    const [first, second] = [await make(), await make()]
    expect(second.body).toEqual(first.body)
    const stored = await api.world.db.transaction({ orgId }, (sql) => sql.query('select * from idempotency'))
    expect(JSON.stringify(stored.rows)).not.toContain(String(first.body['key']))
  })

  test.each(['', 'a b', 'ü', 'x'.repeat(256)])('the key "%.5s" is malformed', async (bad) => {
    const answer = await addSite('https://shop.example/', { 'idempotency-key': bad })
    expect([answer.status, answer.body['code']]).toEqual([400, 'malformed'])
  })

  test('an org that a person founds is founded once', async () => {
    const signed = await api.call('POST', '/v1/auth/sign-up', {
      json: { email: 'founder@example.com', password: 'correct horse', name: 'Ada' },
    })
    const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
    const headers = { cookie, 'x-csrf-token': String(signed.body['csrfToken']), 'idempotency-key': 'a' }
    const found = (name: string) => api.call('POST', '/v1/orgs', { headers, json: { name } })
    const [first, second, other] = [await found('Engines'), await found('Engines'), await found('Looms')]
    expect(second.body).toEqual(first.body)
    expect(other.status).toBe(422)
    expect((await api.call('GET', '/v1/orgs', { headers })).body['data']).toHaveLength(2)
  })
})

describe('versions', () => {
  test('a change is made to the version that was read, or not at all', async () => {
    const made = await addSite('https://shop.example/')
    const path = `/v1/sites/${String(made.body['id'])}`
    const etag = made.headers.get('etag') ?? ''
    const rename = (name: string, ifMatch: string) =>
      api.call('PATCH', path, { key, headers: { 'if-match': ifMatch }, json: { name } })
    const renamed = await rename('First', etag)
    expect([renamed.status, renamed.body['version']]).toEqual([200, 2])
    const late = await rename('Second', etag)
    expect([late.status, late.body['code']]).toEqual([412, 'precondition_failed'])
    expect((await rename('Third', '"2"')).status).toBe(200)
    expect((await rename('Fourth', '*')).status).toBe(200)
    expect((await rename('Fifth', 'W/"4"')).status).toBe(412)
  })

  test('what has not changed is not sent again', async () => {
    const made = await addSite('https://shop.example/')
    const path = `/v1/sites/${String(made.body['id'])}`
    const first = await api.call('GET', path, { key })
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' }
    const second = await api.call('GET', path, { key, headers })
    expect([second.status, second.text]).toEqual([304, ''])
    await api.call('POST', `${path}/pause`, { key })
    expect((await api.call('GET', path, { key, headers })).status).toBe(200)
  })
})

describe('pages', () => {
  test('a list is read to its end while rows come in, each once, as of a seq', async () => {
    const add = (name: string) =>
      api.world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: `https://shop.example/${name}` })))
    for (let index = 0; index < 7; index += 1) {
      // Two each were made in the same moment.
      if (index % 2 === 0) api.world.clock.advance(1_000)
      await add(`old${index}`)
    }
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page = await api.call('GET', `/v1/sites?limit=2${cursor ? `&cursor=${cursor}` : ''}`, { key })
      seen.push(...(page.body['data'] as { url: string }[]).map((site) => site.url.split('/').at(-1) ?? ''))
      cursor = page.body['nextCursor'] as string | null
      api.world.clock.advance(1_000)
      await add(`new${seen.length}`)
    }
    expect(seen).toHaveLength(7)
    expect([...seen].sort()).toEqual(Array.from({ length: 7 }, (_, index) => `old${index}`))
    const events = await api.call('GET', '/v1/events', { key })
    expect((await api.call('GET', '/v1/sites', { key })).body['asOf']).toBe(events.body['head'])
  })

  test('oldest first is the same list the other way round, page by page', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      api.world.clock.advance(1_000)
      await api.world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: `https://shop.example/${name}` })))
    }
    const read = async (sort: string) => {
      const ids: string[] = []
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page = await api.call('GET', `/v1/sites?limit=2&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`, { key })
        ids.push(...(page.body['data'] as { id: string }[]).map((site) => site.id))
        cursor = page.body['nextCursor'] as string | null
      }
      return ids
    }
    const oldest = await read('oldest')
    expect(oldest).toHaveLength(5)
    expect(oldest.toReversed()).toEqual(await read('newest'))
    expect((await api.call('GET', '/v1/sites?sort=id;drop', { key })).status).toBe(422)
  })
})

describe('targets', () => {
  test.each([
    { url: 'http://127.0.0.1/', why: 'an address of our own' },
    { url: 'http://2130706433/', why: 'the same in disguise' },
    { url: 'http://[::1]:8080/', why: 'the same in IPv6' },
    { url: 'http://169.254.169.254/latest/meta-data', why: "a cloud's metadata" },
    { url: 'https://inside.example/', why: 'a name that stands for a private address' },
    { url: 'https://nowhere.example/', why: 'a name nobody knows' },
    { url: 'https://user:secret@shop.example/', why: 'a URL with a password' },
    { url: 'ftp://shop.example/', why: 'another protocol' },
    { url: 'javascript:alert(1)', why: 'a script' },
  ])('$why is neither watched nor notified', async ({ url }) => {
    for (const path of ['/v1/sites', '/v1/webhooks']) {
      const answer = await api.call('POST', path, { key, json: { url } })
      expect([path, answer.status, answer.body['errors']]).toEqual([path, 422, [{ path: 'url', message: expect.any(String) }]])
    }
    const hook = await api.call('POST', '/v1/webhooks', { key, json: { url: 'https://hook.example/' } })
    expect(hook.status).toBe(201)
    const moved = await api.call('PATCH', `/v1/webhooks/${String(hook.body['id'])}`, { key, json: { url } })
    expect(moved.status).toBe(422)
  })
})

describe('events', () => {
  test('are read after a seq, filtered, and told to be gone when they are', async () => {
    await addSite('https://shop.example/')
    const all = await api.call('GET', '/v1/events?after=0', { key })
    const types = (all.body['data'] as { type: string }[]).map((event) => event.type)
    expect(types).toEqual(['api_key.created', 'site.created'])
    const some = await api.call('GET', '/v1/events?events=site.*', { key })
    expect((some.body['data'] as { type: string }[]).map((event) => event.type)).toEqual(['site.created'])
    expect((await api.call('GET', '/v1/events?after=99', { key })).body).toEqual({ data: [], head: 2, reset: 'ahead' })
    expect((await api.call('GET', '/v1/events?events=nonsense', { key })).status).toBe(422)
  })

  test('a poll that waits is answered by the next event', async () => {
    const waiting = api.call('GET', '/v1/events?after=1&wait=25', { key })
    await addSite('https://shop.example/')
    expect((await waiting).body['data']).toMatchObject([{ seq: 2, type: 'site.created' }])
  })
})

test('health-check: every site at a glance, and a check of each when it is asked for', async () => {
  await addSite('https://shop.example/')
  const look = await api.call('GET', '/api/health-check/monitor', { key })
  expect(look.body).toMatchObject({ status: 'healthy', triggered: 0, sites: [{ status: 'healthy', lastScanAt: null }] })
  expect((await api.call('GET', '/api/health-check/monitor?triggerCheck=true', { key })).body['triggered']).toBe(1)
  const reader = await api.apiKey(orgId, 'read')
  expect((await api.call('GET', '/api/health-check/monitor?triggerCheck=true', { key: reader })).status).toBe(403)
})

test('a realtime token is bound to the org and says where the stream is', async () => {
  for (const path of ['/v1/realtime/token', '/api/realtime/token']) {
    const answer = await api.call('POST', path, { key })
    expect(answer.body).toMatchObject({ expiresIn: 3600, orgId, streamUrl: `${api.url}/v1/stream` })
  }
})
