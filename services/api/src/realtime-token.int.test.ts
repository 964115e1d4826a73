import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { OrgId } from '@tocsin/contract/ids'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

let api: TestApi
let orgId: OrgId
let admin: string
beforeAll(async () => {
  api = await startTestApi()
  orgId = await api.world.newOrg()
  admin = await api.apiKey(orgId, 'admin')
})
afterAll(() => api.stop())

const tokenOf = async (key: string, events?: string[]) =>
  (await api.call('POST', '/v1/realtime/token', { key, json: { events } })).body['token'] as string
const typesRead = async (token: string, query = '') => {
  const { status, body } = await api.call('GET', `/v1/events${query}`, { key: token })
  expect(status).toBe(200)
  return [...new Set((body['data'] as { type: string }[]).map((event) => event.type))].sort()
}

test('a token reads the events that it is for, and nothing else', async () => {
  await api.call('POST', '/v1/sites', { key: admin, json: { url: 'https://shop.example/' } })
  const all = await tokenOf(admin)
  expect(await typesRead(all)).toEqual(['api_key.created', 'site.created'])
  const limited = await tokenOf(admin, ['site.*'])
  expect(await typesRead(limited)).toEqual(['site.created'])
  expect(await typesRead(limited, '?events=api_key.*')).toEqual([])
  for (const path of ['/v1/sites', '/v1/threats', '/v1/api-keys'])
    expect((await api.call('GET', path, { key: all })).status).toBe(401)
  expect((await api.call('POST', '/v1/realtime/token', { key: all, json: {} })).status).toBe(401)
})

test('it is worth nothing once its owner has lost their access, or after an hour', async () => {
  const made = await api.call('POST', '/v1/api-keys', { key: admin, json: { name: 'Short', scope: 'read' } })
  const token = await tokenOf(made.body['key'] as string)
  await typesRead(token)
  await api.call('DELETE', `/v1/api-keys/${String(made.body['id'])}`, { key: admin })
  expect((await api.call('GET', '/v1/events', { key: token })).status).toBe(401)
  const other = await tokenOf(admin)
  api.world.clock.advance(3_601_000)
  expect((await api.call('GET', '/v1/events', { key: other })).status).toBe(401)
})

test('a token that no door would take is not given out', async () => {
  const key = await api.apiKey(orgId, 'read')
  const bad = await api.call('POST', '/v1/realtime/token', { key, json: { events: ['threat.*', 'everything'] } })
  expect(bad).toMatchObject({ status: 422, body: { code: 'invalid', errors: [{ path: 'events.1' }] } })
})
