import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Bus } from '@tocsin/bus/bus'
import { createMemoryBus } from '@tocsin/bus/memory'
import { type Actor, system } from '@tocsin/contract/actor'
import { newId } from '@tocsin/contract/ids'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { createAccount, signIn } from '@tocsin/domain/accounts/accounts'
import { createPasswordHasher } from '@tocsin/domain/accounts/password'
import { revokeApiKey } from '@tocsin/domain/api-keys/api-keys'
import { createOrg } from '@tocsin/domain/orgs/orgs'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import { commit, newOrg, startTestGateway } from '@tocsin/testkit/gateway'
import { openViewer } from '@tocsin/testkit/viewer'

const tester = system('test')
const cleanUps: (() => unknown)[] = []
let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url, log: silentLog() })
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const start = (env: Record<string, string> = {}, bus: Bus = createMemoryBus(), ownDb: Database = db) =>
  startTestGateway({ db: ownDb, cleanUps, env, bus })

const problem = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(url, { method, headers })
  const body: unknown = await response.json()
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    type: response.headers.get('content-type'),
    body,
  }
}

test('headers keep proxies and caches out of the way', async () => {
  const { url, key } = await start({ GATEWAY_CORS_ORIGINS: 'https://status.example' })
  const stopping = new AbortController()
  const headers = { authorization: `Bearer ${key}`, origin: 'https://status.example' }
  const response = await fetch(`${url}/api/realtime`, { headers, signal: stopping.signal })
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
    'access-control-allow-origin': 'https://status.example',
    vary: 'Origin',
  })
  expect(response.headers.has('transfer-encoding')).toBe(false)
  stopping.abort()
  const stranger = new AbortController()
  const other = await fetch(`${url}/v1/stream`, {
    headers: { ...headers, origin: 'https://evil.example' },
    signal: stranger.signal,
  })
  expect(other.headers.has('access-control-allow-origin')).toBe(false)
  stranger.abort()
})

test('who may not is told so in a problem document', async () => {
  const { url, key, token, journal } = await start()
  const other = await newOrg(journal)
  const bearer = { authorization: `Bearer ${key}` }
  const ask = (query: string, headers: Record<string, string> = bearer) => problem(`${url}/v1/stream?${query}`, headers)
  expect(await ask('', {})).toMatchObject({
    status: 401,
    type: 'application/problem+json',
    body: { code: 'unauthenticated', status: 401 },
  })
  for (const secret of ['tcn_nobody', 'x.y.z', key.slice(0, -1)])
    expect((await ask('', { authorization: `Bearer ${secret}` })).status).toBe(401)
  expect((await ask('', { authorization: 'Basic abc' })).status).toBe(401)
  expect((await ask(`token=${(await token()).slice(0, -2)}`, {})).status).toBe(401)
  expect((await ask(`org_id=${other.orgId}`)).status).toBe(404)
  expect((await ask(`org_id=${other.orgId}&token=${await token()}`, {})).status).toBe(404)
  expect((await ask('org_id=1%27%20or%201=1')).status).toBe(404)
  for (const query of ['groups=alerts', 'events=%3Cb%3E', 'since=-1', 'last_event_id=99999999999999999999', 'nonsense=1'])
    expect(await ask(query)).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ path: expect.any(String) }] } })
  expect((await problem(`${url}/v1/stream`, bearer, 'POST')).status).toBe(405)
  expect((await problem(`${url}/nowhere`, bearer)).status).toBe(404)
})

test('nobody receives an event of another org', async () => {
  const { view, journal, orgId } = await start()
  const other = await newOrg(journal)
  const [mine, theirs] = [await view(), await view('', { authorization: `Bearer ${other.key}` })]
  await Promise.all([commit(journal, orgId, 20), commit(journal, other.orgId, 20)])
  await Promise.all([mine, theirs].map((viewer) => viewer.first('site.deleted', (frame) => frame.id === 21)))
  expect(new Set(mine.frames.map((frame) => frame.data['orgId']))).toEqual(new Set([orgId]))
  expect(new Set(theirs.frames.map((frame) => frame.data['orgId']))).toEqual(new Set([other.orgId]))
})

test('a revoked key ends its streams, and a token that was made with it opens no other', async () => {
  const { view, url, journal, orgId, apiKeyId, token } = await start()
  const actor: Actor = { kind: 'api_key', id: apiKeyId }
  const [byKey, byToken, other] = [
    await view(),
    await view(`token=${await token({ actor })}`, {}),
    await view(`token=${await token()}`, {}),
  ]
  const before = await token({ actor })
  await journal.change(orgId, tester, (change) => revokeApiKey(change, { apiKeyId }))
  await Promise.all([byKey.ended, byToken.ended])
  await other.first('api_key.revoked')
  expect((await problem(`${url}/v1/stream?token=${before}`)).status).toBe(401)
})

test('a token from before a revocation is refused by a gateway that starts after it', async () => {
  const first = await start()
  const actor: Actor = { kind: 'api_key', id: first.apiKeyId }
  const token = await first.token({ actor })
  await first.journal.change(first.orgId, tester, (change) => revokeApiKey(change, { apiKeyId: first.apiKeyId }))
  const second = await start()
  expect((await problem(`${second.url}/v1/stream?token=${token}`)).status).toBe(401)
})

test.each(['GATEWAY_STREAMS_PER_ORG', 'GATEWAY_STREAMS_PER_USER', 'GATEWAY_STREAMS_PER_IP'])(
  '%s is a limit, and who leaves makes room',
  async (name) => {
    const { view, url, key, metrics } = await start({ [name]: '2' })
    const [one] = [await view(), await view()]
    expect(await problem(`${url}/v1/stream`, { authorization: `Bearer ${key}` })).toMatchObject({
      status: 429,
      retryAfter: '30',
      body: { code: 'limit_reached' },
    })
    one?.close()
    while (Number((await metrics.registry.getSingleMetric('tocsin_gateway_connections')?.get())?.values[0]?.value) > 1)
      await new Promise((resolve) => setImmediate(resolve))
    await view()
  },
)

test('a session opens a stream of each of its orgs, and not for pages of others', async () => {
  const { url, journal, clock } = await start()
  const [userId, password] = [newId('user'), 'a password for tests']
  const hasher = createPasswordHasher()
  const email = `${userId}@example.com`
  const passwordHash = await hasher.hash(password)
  await db.transaction('installation', (sql) => createAccount(sql, { userId, email, name: 'P', passwordHash, now: clock.now() }))
  const orgIds = [newId('org'), newId('org')]
  for (const id of orgIds) await journal.change(id, tester, (change) => createOrg(change, { name: 'O', ownerId: userId }))
  const cookie = `a=b; tocsin_session=${await signIn({ db, hasher, now: clock.now() }, { email, password })}`
  for (const id of orgIds) {
    const viewer = await openViewer(`${url}/v1/stream?org_id=${id}`, { headers: { cookie } })
    expect((await viewer.first('connected')).data).toMatchObject({ orgId: id })
    viewer.close()
  }
  expect((await problem(`${url}/v1/stream?org_id=${newId('org')}`, { cookie })).status).toBe(404)
  expect((await problem(`${url}/v1/stream`, { cookie, origin: 'https://evil.example' })).status).toBe(403)
  expect((await problem(`${url}/v1/stream`, { cookie: 'tocsin_session=nonsense' })).status).toBe(401)
})
