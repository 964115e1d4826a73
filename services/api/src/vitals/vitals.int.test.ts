import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { VitalsReport } from '@tocsin/contract/api/vitals'
import type { OrgId } from '@tocsin/contract/ids'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'
import { dumpOrg } from '@tocsin/testkit/dump'
import fc from 'fast-check'

let api: TestApi
let orgId: OrgId
let admin: string
let siteId: string
let key: string

beforeAll(async () => {
  api = await startTestApi({ env: { API_VITALS_PER_ADDRESS_PER_MINUTE: '100000' } })
  orgId = await api.world.newOrg()
  admin = await api.apiKey(orgId, 'admin')
  ;({ siteId, key } = await newBeacon('https://shop.example/'))
})
afterAll(() => api.stop())

async function newBeacon(url: string) {
  const site = await api.call('POST', '/v1/sites', { key: admin, json: { url } })
  const made = await api.call('POST', `/v1/sites/${String(site.body['id'])}/vitals/beacon/rotate`, { key: admin })
  return { siteId: String(site.body['id']), key: String(made.body['key']) }
}

const browser = {
  'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
  origin: 'https://shop.example',
  'content-type': 'text/plain;charset=UTF-8',
}
const entry = { metric: 'LCP', value: 2_310.5, path: '/p/red-shoe', navigation: 'navigate' }
const body = (more: object = {}) => JSON.stringify({ key, form: 'phone', entries: [entry], ...more })
const post = (raw: string, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/vitals', { raw, headers: { ...browser, ...headers } })
async function report(site = siteId): Promise<VitalsReport> {
  const { body } = await api.call('GET', `/v1/sites/${site}/vitals?by=template`, { key: admin })
  return body as unknown as VitalsReport
}
/** What is in memory is written by the loop, every few seconds of the clock that stands still here. */
const written = () => api.world.clock.advance(3_000)
async function until(seen: () => Promise<boolean>): Promise<void> {
  const ends = performance.now() + 10_000
  while (!(await seen())) {
    if (performance.now() > ends) throw new Error('It did not come to be.')
    written()
  }
}

describe('the script', () => {
  test('is for every page to load, small, and kept by caches', async () => {
    const answer = await api.call('GET', `/v1/vitals.js?key=${key}`, {
      headers: { 'accept-encoding': 'gzip', origin: 'https://any.example' },
    })
    expect(answer.status).toBe(200)
    expect(answer.text).toContain('webVitals')
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'gzip',
      'cache-control': 'public, max-age=600',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      'x-content-type-options': 'nosniff',
    })
    expect(Number(answer.headers.get('content-length'))).toBeLessThan(4_000)
    const etag = answer.headers.get('etag') ?? ''
    expect((await api.call('GET', `/v1/vitals.js?key=${key}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
  })

  test.each(['', '?key=', '?key=tcp_0123456789abcdefghjkmnpqrstvwxyz', '?key=a&key=b', `?key=${'x'.repeat(5_000)}`])(
    'is nothing without a key that is somebody’s: %s',
    async (query) => expect((await api.call('GET', `/v1/vitals.js${query}`)).status).toBe(404),
  )
})

describe('a report', () => {
  test('is taken from a page of the site, as text or JSON, and shown', async () => {
    expect(await post(body())).toMatchObject({ status: 204, text: '' })
    expect((await post(body(), { 'content-type': 'application/json' })).status).toBe(204)
    await until(async () => (await report()).data[0]?.n === 2)
    expect((await report()).data).toEqual([expect.objectContaining({ metric: 'LCP', template: '/p/{slug}', n: 2, band: 'good' })])
  })

  test('asks no permission that a browser would not get', async () => {
    const asked = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
      origin: 'https://shop.example',
    }
    const answer = await api.call('OPTIONS', '/v1/vitals', { headers: asked })
    expect(answer.status).toBe(204)
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull()
  })

  test('changes nothing when it is not one', async () => {
    await until(async () => (await report()).data.length > 0)
    const before = await dumpOrg(api.world.db, orgId)
    const many = Array(21).fill(entry)
    const wrong: [string, Record<string, string>, number][] = [
      ['{', {}, 400],
      ['', {}, 422],
      ['null', {}, 422],
      [body({ key: 'tcp_0123456789abcdefghjkmnpqrstvwxyz' }), {}, 404],
      [body({ key: 'tcn_secret' }), {}, 422],
      [body({ entries: [] }), {}, 422],
      [body({ entries: many }), {}, 422],
      [body({ form: 'fridge' }), {}, 422],
      [body({ visitor: 'jane' }), {}, 422],
      [body({ entries: [{ ...entry, metric: 'FID' }] }), {}, 422],
      [body({ entries: [{ ...entry, value: -1 }] }), {}, 422],
      [body({ entries: [{ ...entry, value: 1e9 }] }), {}, 422],
      [body().replace('2310.5', '1e999'), {}, 422],
      [body({ entries: [{ ...entry, path: '/p?email=a@b.c' }] }), {}, 422],
      [body({ entries: [{ ...entry, path: '/\u0000' }] }), {}, 422],
      [body({ entries: [{ ...entry, path: '/\ud800' }] }), {}, 422],
      [body() + ' '.repeat(20_000), {}, 413],
      [body(), { 'content-type': 'application/x-www-form-urlencoded' }, 415],
      [body(), { 'content-encoding': 'gzip' }, 400],
      [body(), { origin: 'https://evil.example' }, 403],
      [body(), { origin: 'null' }, 403],
    ]
    for (const [raw, headers, status] of wrong)
      expect([raw.slice(0, 80), headers, (await post(raw, headers)).status]).toEqual([raw.slice(0, 80), headers, status])
    expect((await post(body(), { 'user-agent': 'Googlebot/2.1 (+http://www.google.com/bot.html)' })).status).toBe(204)
    written()
    expect(await dumpOrg(api.world.db, orgId)).toBe(before)
  })

  test('of whatever kind is answered quickly and never with a fault of ours', () =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), async (raw) => {
        expect((await post(raw.toWellFormed())).status).toBeLessThan(500)
      }),
      { numRuns: 60 },
    ))

  test('is not taken under a key that was replaced, once a minute has gone', async () => {
    const other = await newBeacon('https://hook.example/')
    const send = () => post(body({ key: other.key }), { origin: 'https://hook.example' })
    expect((await send()).status).toBe(204)
    await api.call('POST', `/v1/sites/${other.siteId}/vitals/beacon/rotate`, { key: admin })
    api.world.clock.advance(61_000)
    expect((await send()).status).toBe(404)
  })

  test('is not counted while the sample rate is none', async () => {
    const other = await newBeacon('https://example.com/')
    await api.call('PATCH', `/v1/sites/${other.siteId}/vitals/beacon`, { key: admin, json: { sampleRate: 0 } })
    expect((await post(body({ key: other.key }), { origin: 'https://example.com' })).status).toBe(204)
    written()
    expect((await report(other.siteId)).data).toEqual([])
  })
})

test('what came in last is written when the api stops, and an address has its share', async () => {
  const own = await startTestApi({ env: { API_VITALS_PER_ADDRESS_PER_MINUTE: '3' } })
  const org = await own.world.newOrg()
  const adminKey = await own.apiKey(org, 'admin')
  const site = await own.call('POST', '/v1/sites', { key: adminKey, json: { url: 'https://shop.example/' } })
  const made = await own.call('POST', `/v1/sites/${String(site.body['id'])}/vitals/beacon/rotate`, { key: adminKey })
  const raw = JSON.stringify({ key: made.body['key'], form: 'desktop', entries: [entry] })
  const send = () => own.call('POST', '/v1/vitals', { raw, headers: browser })
  expect([(await send()).status, (await send()).status, (await send()).status]).toEqual([204, 204, 204])
  const over = await send()
  expect([over.status, over.headers.get('retry-after')]).toEqual([429, expect.stringMatching(/^\d+$/)])
  await own.service.stop()
  const { rows } = await own.world.db.transaction({ orgId: org }, (sql) => sql.query('select n from vital_hour'))
  expect(rows).toEqual([{ n: 3 }])
  await own.stop()
})
