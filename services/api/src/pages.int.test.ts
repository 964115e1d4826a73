import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { SiteInput } from '@tocsin/contract/api/sites'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { type PageRecord, rememberPages } from '@tocsin/domain/scans/memory'
import { createSite } from '@tocsin/domain/sites/sites'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

let api: TestApi
let orgId: OrgId
let siteId: SiteId
let key: string

const record = (over: Partial<PageRecord> = {}): PageRecord => ({
  status: 200,
  fault: null,
  contentType: 'text/html',
  title: 'A page',
  h1: null,
  lang: 'en',
  words: 300,
  template: 'https://shop.example/p/{slug}',
  depth: 2,
  inlinks: 3,
  inSitemap: true,
  importance: 5,
  indexable: true,
  notIndexable: null,
  canonical: null,
  redirectsTo: null,
  bytes: 1_000,
  elapsedMs: 20,
  hashes: { text: 'a' },
  ...over,
})
const at = (path: string) => `https://shop.example${path}`
const remember = (pages: Record<string, Partial<PageRecord>>) =>
  api.world.change(orgId, (change) =>
    rememberPages(change, {
      siteId,
      pages: Object.entries(pages).map(([path, over]) => ({ url: at(path), memory: {}, record: record(over), hash: path })),
    }),
  )

beforeAll(async () => {
  api = await startTestApi()
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'read')
  const site = await api.world.change(orgId, (change) => createSite(change, SiteInput.parse({ url: 'https://shop.example/' })))
  siteId = site.id
  await remember({
    '/': { importance: 9, inlinks: 50, depth: 0, words: 800, title: '=HYPERLINK("http://evil.example")' },
    '/b': { importance: 2, status: 404, indexable: false, notIndexable: 'error', inSitemap: false, words: null },
    '/c': { importance: 2, status: 301, indexable: false, notIndexable: 'redirects', redirectsTo: at('/d'), words: null },
    '/d': { title: 'Blue, and "red"', words: 40 },
    '/slow': { status: null, fault: 'timeout', indexable: null, hashes: null, words: null, importance: 0 },
  })
})
afterAll(() => api.stop())

const list = (query = '', headers: Record<string, string> = {}) =>
  api.call('GET', `/v1/sites/${siteId}/pages${query}`, { key, headers })
const paths = async (query: string) => {
  const { status, body } = await list(query)
  expect(status).toBe(200)
  return (body['data'] as { url: string }[]).map(({ url }) => new URL(url).pathname)
}

describe('the pages of a site', () => {
  test('are told as they were seen', async () => {
    const { body } = await list('?q=/c')
    expect(body['data']).toEqual([
      expect.objectContaining({
        url: at('/c'),
        status: 301,
        redirectsTo: at('/d'),
        notIndexable: 'redirects',
        firstSeenAt: expect.any(String),
      }),
    ])
  })

  test.each([
    ['', ['/', '/d', '/b', '/c', '/slow']],
    ['?order=asc', ['/slow', '/b', '/c', '/d', '/']],
    ['?sort=url&order=asc', ['/', '/b', '/c', '/d', '/slow']],
    ['?sort=words', ['/', '/d', '/b', '/c', '/slow']],
    ['?sort=words&order=asc', ['/d', '/', '/b', '/c', '/slow']],
    ['?sort=status&order=asc', ['/', '/d', '/c', '/b', '/slow']],
    ['?status=4xx', ['/b']],
    ['?status=none', ['/slow']],
    ['?indexable=false', ['/b', '/c']],
    ['?notIndexable=error', ['/b']],
    ['?inSitemap=false', ['/b']],
    ['?q=SLO', ['/slow']],
    ['?q=%25', []],
    ['?template=https%3A%2F%2Fshop.example%2Fp%2F%7Bslug%7D&status=2xx', ['/', '/d']],
    ['?changedSince=2000-01-01T00:00:00Z&sort=url&order=asc', ['/', '/b', '/c', '/d', '/slow']],
    ['?changedSince=2100-01-01T00:00:00Z', []],
  ])('%s', async (query, expected) => expect(await paths(query)).toEqual(expected))

  test.each(['importance', 'words', 'url', 'status', 'lastSeenAt', 'changedAt', 'firstSeenAt', 'bytes'])(
    'page by page by %s are all of them, once',
    async (sort) => {
      for (const order of ['asc', 'desc']) {
        const whole = await paths(`?sort=${sort}&order=${order}`)
        const seen: string[] = []
        let cursor: string | null = null
        do {
          const query: string = `?sort=${sort}&order=${order}&limit=2${cursor ? `&cursor=${cursor}` : ''}`
          const { body } = await list(query)
          seen.push(...(body['data'] as { url: string }[]).map(({ url }) => new URL(url).pathname))
          cursor = body['nextCursor'] as string | null
        } while (cursor !== null)
        expect(seen).toEqual(whole)
      }
    },
  )

  test.each([
    ['?cursor=x', 400],
    [`?cursor=${Buffer.from('["url","asc","x","y"]').toString('base64url')}`, 400],
    [`?cursor=${Buffer.from('["importance","desc","1e999","y"]').toString('base64url')}`, 400],
    [`?cursor=${Buffer.from('["importance","desc","now()","y"]').toString('base64url')}`, 400],
    [`?sort=changedAt&cursor=${Buffer.from('["changedAt","desc","2026-13-45 99:00:00+00","y"]').toString('base64url')}`, 400],
    ['?sort=memory', 422],
    ['?indexable=yes', 422],
  ])('%s is refused with %d', async (query, status) => expect((await list(query)).status).toBe(status))

  test('change when their content does, not when they could not be read', async () => {
    const changedAt = async (path: string) => ((await list(`?q=${path}`)).body['data'] as { changedAt: string }[])[0]?.changedAt
    const before = await changedAt('/d')
    api.world.clock.advance(3_600_000)
    await remember({ '/d': { title: 'Blue, and "red"', words: 40, inlinks: 9 } })
    expect(await changedAt('/d')).toBe(before)
    await remember({ '/d': { title: 'Blue, and "red"', status: null, fault: 'timeout', hashes: null } })
    await remember({ '/d': { title: 'Blue, and "red"', words: 40 } })
    expect(await changedAt('/d')).toBe(before)
    await remember({ '/d': { title: 'Blue, and "red"', words: 40, hashes: { text: 'b' } } })
    expect(await changedAt('/d')).toBe(api.world.clock.now().toISOString())
  })
})

describe('as CSV', () => {
  test('all of them, without formulas, by format or by Accept', async () => {
    const byFormat = await list('?format=csv&sort=url&order=asc&limit=2')
    expect([byFormat.status, byFormat.headers.get('content-type')]).toEqual([200, 'text/csv; charset=utf-8; header=present'])
    const lines = byFormat.text.split('\r\n')
    expect(lines[0]?.startsWith('url,status,fault,redirectsTo,contentType,title,')).toBe(true)
    expect(lines).toHaveLength(7)
    expect(lines[1]).toContain(`"'=HYPERLINK(""http://evil.example"")"`)
    expect(lines[4]).toContain('"Blue, and ""red"""')
    const byAccept = await list('?sort=url&order=asc', { accept: 'text/csv' })
    expect(byAccept.text).toBe(byFormat.text)
    expect((await list('', { accept: '*/*' })).headers.get('content-type')).toContain('application/json')
  })

  test('of another org there is none, and none for another format', async () => {
    const stranger = await api.apiKey(await api.world.newOrg(), 'read')
    expect((await api.call('GET', `/v1/sites/${siteId}/pages?format=csv`, { key: stranger })).status).toBe(404)
    expect((await list('?format=xlsx')).status).toBe(422)
  })
})
