import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ env: { API_SENDS_PER_MINUTE: '3' } })
})
afterAll(() => api.stop())

const destination = (key: string, events: string[]) =>
  api.call('POST', '/v1/destinations', { key, json: { kind: 'email', address: 'on@call.example', events } })

test('what is sent on request is limited for the org, whichever key asks, and for no other org', async () => {
  const orgId = await api.world.newOrg()
  const keys = [await api.apiKey(orgId, 'admin'), await api.apiKey(orgId, 'write')] as const
  const { body } = await destination(keys[0], ['threat.*'])
  const send = async (key: string) => (await api.call('POST', `/v1/destinations/${String(body['id'])}/test`, { key })).status
  expect([await send(keys[0]), await send(keys[1]), await send(keys[0]), await send(keys[1])]).toEqual([202, 202, 202, 429])
  expect((await api.call('GET', '/v1/destinations', { key: keys[0] })).status).toBe(200)
  const other = await api.apiKey(await api.world.newOrg(), 'admin')
  const own = await destination(other, ['threat.*'])
  expect((await api.call('POST', `/v1/destinations/${String(own.body['id'])}/test`, { key: other })).status).toBe(202)
})

test('people cannot be mailed about what a person cannot act on', async () => {
  const key = await api.apiKey(await api.world.newOrg(), 'admin')
  for (const events of [['site.updated'], ['threat.detected', 'site.*'], ['delivery.failed']]) {
    const refused = await destination(key, events)
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('threat.detected')
  }
  for (const events of [['*'], ['threat.*'], ['scan.failed', 'endpoint.*']])
    expect((await destination(key, events)).status).toBe(201)
})
