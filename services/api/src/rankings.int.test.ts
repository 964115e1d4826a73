import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { startTestApi, type TestAnswer, type TestApi } from '@tocsin/testkit/api'
import { dumpOrg } from '@tocsin/testkit/dump'

let api: TestApi
let orgId: Awaited<ReturnType<TestApi['world']['newOrg']>>
let key: string
let siteId: string
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'write')
  siteId = String((await call('POST', '/v1/sites', { url: 'https://shop.example/' })).body['id'])
})

const call = (method: string, path: string, json?: unknown) =>
  api.call(method, path, { key, ...(json === undefined ? {} : { json }) })
const push = (json: object) => call('POST', `/v1/sites/${siteId}/rankings`, json)
const pushCsv = (raw: string, query = '') =>
  api.call('POST', `/v1/sites/${siteId}/rankings${query}`, { key, raw, headers: { 'content-type': 'text/csv; charset=utf-8' } })
const entry = (keyword: string, position: number | null, more = {}) => ({ keyword, country: 'US', position, ...more })
const keywords = async () =>
  (await call('GET', `/v1/sites/${siteId}/keywords`)).body['data'] as { id: string; phrase: string; latest: unknown }[]
const history = async (keywordId: string) => (await call('GET', `/v1/sites/${siteId}/keywords/${keywordId}/history`)).body
const addCompetitor = async (domain: string) =>
  String((await call('POST', `/v1/sites/${siteId}/competitors`, { domain })).body['id'])
const errorsOf = (answer: TestAnswer) => answer.body['errors'] as { path: string; message: string }[]
const dayMs = 86_400_000

async function refusedWhole(work: () => Promise<TestAnswer>, status: number): Promise<TestAnswer> {
  // The use of the key at this time is noted now.
  await keywords()
  const before = await dumpOrg(api.world.db, orgId)
  const answer = await work()
  expect([answer.status, answer.text]).toEqual([status, answer.text])
  expect(await dumpOrg(api.world.db, orgId)).toBe(before)
  return answer
}

describe('a list of positions', () => {
  test('is recorded, its unknown keywords tracked, and its competitors read from the results', async () => {
    const rival = await addCompetitor('https://www.rival.example/about')
    const results = [
      { position: 2, url: 'https://blog.rival.example/a' },
      { position: 4, url: 'https://shop.example/a' },
      { position: 7, url: 'https://rival.example/b' },
    ]
    const answer = await push({
      entries: [entry('  Blue  SHOES ', 4, { results, url: 'https://shop.example/a' }), entry('red shoes', null, { depth: 50 })],
    })
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({ source: 'push', entries: 2, complete: null, listId: null }),
    ])
    const tracked = await keywords()
    expect(tracked.toSorted((a, b) => a.phrase.localeCompare(b.phrase)).map((each) => [each.phrase, each.latest])).toEqual([
      ['blue shoes', expect.objectContaining({ position: 4, missing: null, depth: 100, url: 'https://shop.example/a' })],
      ['red shoes', expect.objectContaining({ position: null, missing: 'absent', depth: 50 })],
    ])
    const blue = await history(tracked.find((each) => each.phrase === 'blue shoes')?.id ?? '')
    expect(blue).toMatchObject({
      days: [{ day: '2026-03-01', position: 4, found: 1, absent: 0, competitors: [{ competitorId: rival, position: 2 }] }],
      measurements: [{ position: 4, competitors: [{ competitorId: rival, position: 2, url: 'https://blog.rival.example/a' }] }],
    })
  })

  test('changes nothing the second time, and later is another measurement', async () => {
    const first = await push({ entries: [entry('shoes', 4)] })
    const again = await refusedWhole(() => push({ entries: [entry('shoes', 4)] }), 201)
    expect(again.body).toEqual(first.body)
    api.world.clock.advance(31 * 60_000)
    expect((await push({ entries: [entry('shoes', 4)] })).body['id']).not.toBe(first.body['id'])
    const dated = { checkedAt: '2026-02-20T10:00:00.000Z', entries: [entry('shoes', 5)] }
    const second = await push(dated)
    api.world.clock.advance(2 * dayMs)
    expect((await refusedWhole(() => push(dated), 201)).body).toEqual(second.body)
  })

  test('has a name of its sender, under which no other list is taken', async () => {
    const named = { listId: 'monday', entries: [entry('shoes', 4)] }
    const first = await push(named)
    expect((await refusedWhole(() => push(named), 201)).body).toEqual(first.body)
    const other = await refusedWhole(() => push({ listId: 'monday', entries: [entry('shoes', 5)] }), 409)
    expect(errorsOf(other)).toEqual([{ path: 'listId', message: 'Used for another list.' }])
  })

  test('has the median of a day: partial lists and failed measurements say nothing', async () => {
    const at = (time: string, position: number | null, more = {}) =>
      push({ checkedAt: `2026-02-28T${time}:00.000Z`, entries: [entry('shoes', position)], ...more })
    await at('01:00', 4)
    await at('02:00', 8)
    await at('03:00', 90, { complete: false })
    await push({ checkedAt: '2026-02-28T04:00:00.000Z', entries: [entry('shoes', null, { missing: 'failed' })] })
    const [shoes] = await keywords()
    expect((await history(shoes?.id ?? ''))['days']).toEqual([
      { day: '2026-02-28', position: 6, found: 2, absent: 0, depth: 100, competitors: [] },
    ])
    await at('05:00', null)
    await at('06:00', null)
    await at('07:00', null)
    expect((await history(shoes?.id ?? ''))['days']).toMatchObject([{ position: null, found: 2, absent: 3 }])
  })

  test.each([
    ['a position of 0', { entries: [entry('a', 3), entry('b', 0)] }, 'entries.1.position'],
    ['half a position', { entries: [entry('a', 3.5)] }, 'entries.0.position'],
    ['no position', { entries: [{ keyword: 'a', country: 'US' }] }, 'entries.0.position'],
    ['a failed position', { entries: [entry('a', 3, { missing: 'failed' })] }, 'entries.0.missing'],
    ['a position beyond the depth', { entries: [entry('a', 30, { depth: 10 })] }, 'entries.0.position'],
    ['a country', { entries: [{ ...entry('a', 3), country: 'USA' }] }, 'entries.0.country'],
    ['the future', { entries: [entry('a', 3, { checkedAt: '2027-01-01T00:00:00.000Z' })] }, 'entries.0.checkedAt'],
    ['long ago', { checkedAt: '2020-01-01T00:00:00.000Z', entries: [entry('a', 3)] }, 'checkedAt'],
    ['the same twice', { entries: [entry('a', 3), entry('A', 4)] }, 'entries.1'],
    [
      'no domain',
      { entries: [entry('a', 3, { competitors: [{ domain: 'x y', position: 1 }] })] },
      'entries.0.competitors.0.domain',
    ],
    ['an empty list', { entries: [] }, 'entries'],
  ])('is refused whole for %s', async (_, list, path) => {
    const answer = await refusedWhole(() => push(list), 422)
    expect(errorsOf(answer).map((error) => error.path)).toEqual([path])
  })

  test('finds a keyword whatever its language, unless there are several', async () => {
    const track = (language: string) => call('POST', `/v1/sites/${siteId}/keywords`, { phrase: 'shoes', country: 'US', language })
    await track('en')
    await push({ entries: [entry('shoes', 4)] })
    expect(await keywords()).toHaveLength(1)
    await track('es')
    const answer = await refusedWhole(() => push({ entries: [entry('shoes', 5)] }), 422)
    expect(errorsOf(answer)).toEqual([{ path: 'entries.0.language', message: 'Tracked in several languages: say which.' }])
    expect((await push({ entries: [entry('shoes', 5, { language: 'ES' })] })).status).toBe(201)
  })

  test('does not bring more keywords than a site may have', async () => {
    const many = (from: number, count: number) => ({
      entries: Array.from({ length: count }, (_, n) => entry(`k ${from + n}`, 3)),
    })
    expect((await push(many(0, 2_000))).status).toBe(201)
    await refusedWhole(() => push(many(2_000, 1)), 429)
  })
})

describe('a CSV of positions', () => {
  test('is read row by row, with a column for each competitor', async () => {
    const rival = await addCompetitor('rival.example')
    const csv =
      'Keyword;Country;Position;Depth;Checked At;rival.example\r\n"blue; shoes";us;4;100;2026-02-28T10:00:00Z;2\r\nred shoes;DE;-;50;;-\r\n'
    const answer = await pushCsv(csv, '?complete=true&listId=monday&checkedAt=2026-02-28T12:00:00Z')
    expect([answer.status, answer.body]).toEqual([
      201,
      expect.objectContaining({ complete: true, listId: 'monday', entries: 2, checkedAt: '2026-02-28T12:00:00.000Z' }),
    ])
    const blue = (await keywords()).find((each) => each.phrase === 'blue; shoes')
    expect(await history(blue?.id ?? '')).toMatchObject({
      measurements: [{ position: 4, complete: true, competitors: [{ competitorId: rival, position: 2 }] }],
    })
    expect(
      (await refusedWhole(() => pushCsv(csv, '?complete=true&listId=monday&checkedAt=2026-02-28T12:00:00Z'), 201)).body,
    ).toEqual(answer.body)
  })

  test('with bad rows is refused whole, and each is told by its line', async () => {
    const csv = 'keyword,country,position,colour\na,US,3,\nb,US,zero,\n\nc,USA,0,red\n'
    const answer = await refusedWhole(() => pushCsv(csv), 422)
    const lines = errorsOf(answer).map(({ path, message }) => `${path} ${message.split(':')[0]}`)
    expect(new Set(lines)).toEqual(
      new Set([
        'entries.0.colour Line 2',
        'entries.1.position Line 3',
        'entries.1.colour Line 3',
        'entries.2.country Line 5',
        'entries.2.position Line 5',
        'entries.2.colour Line 5',
      ]),
    )
    const twice = await refusedWhole(() => pushCsv('keyword,country,position\na,US,3\na,US,4\n'), 422)
    expect(errorsOf(twice)).toEqual([{ path: 'entries.1', message: expect.stringMatching(/^Line 3: /) }])
  })

  test.each([
    ['a\n"b', 400],
    ['', 422],
    ['keyword,country,position', 422],
    [`keyword,country,position\n${'a,US,3\n'.repeat(160_000)}`, 413],
  ])('that is none is refused (%#)', async (csv, status) => {
    const answer = await api.call('POST', `/v1/sites/${siteId}/rankings`, {
      key,
      raw: csv,
      headers: { 'content-type': 'text/csv' },
    })
    expect(answer.status).toBe(status)
  })

  test('that is not UTF-8 is refused', async () => {
    const raw = new Uint8Array([0x6b, 0x65, 0x79, 0xff, 0xfe])
    const answer = await api.call('POST', `/v1/sites/${siteId}/rankings`, { key, raw, headers: { 'content-type': 'text/csv' } })
    expect(answer.status).toBe(400)
  })
})

describe('keywords and competitors', () => {
  test('are tracked once, in bulk too, and go with all that is known of them', async () => {
    const path = `/v1/sites/${siteId}/keywords`
    const bulk = {
      keywords: [
        { phrase: 'A', country: 'us' },
        { phrase: 'b', country: 'US', monthlySearches: 900 },
      ],
    }
    expect((await call('POST', `${path}/bulk`, bulk)).body).toEqual({ created: 2, updated: 0, unchanged: 0 })
    const more = { keywords: [...bulk.keywords, { phrase: 'a', country: 'US', monthlySearches: 10 }] }
    expect((await call('POST', `${path}/bulk`, more)).body).toEqual({ created: 0, updated: 1, unchanged: 1 })
    expect((await call('POST', path, { phrase: ' a ', country: 'US' })).status).toBe(409)
    const [first] = await keywords()
    expect((await call('DELETE', `${path}/${first?.id}`)).status).toBe(204)
    expect((await call('GET', `${path}/${first?.id}/history`)).status).toBe(404)
  })

  test('a competitor is a registrable domain, once, and never the site itself', async () => {
    const path = `/v1/sites/${siteId}/competitors`
    expect((await call('POST', path, { domain: 'HTTPS://www.Rival.example/x' })).body).toMatchObject({ domain: 'rival.example' })
    expect((await call('POST', path, { domain: 'blog.rival.example' })).status).toBe(409)
    expect(errorsOf(await call('POST', path, { domain: 'www.shop.example' }))).toMatchObject([{ path: 'domain' }])
    expect((await call('POST', path, { domain: '127.0.0.1' })).status).toBe(422)
  })

  test('a competitor that goes is forgotten', async () => {
    const rival = await addCompetitor('rival.example')
    const results = [{ position: 2, url: 'https://rival.example/a' }]
    await push({ entries: [entry('shoes', 4, { results })] })
    await call('POST', `/v1/sites/${siteId}/backlinks`, { competitor: 'rival.example', entries: [{ domain: 'blog.example' }] })
    expect((await call('DELETE', `/v1/sites/${siteId}/competitors/${rival}`)).status).toBe(204)
    const dump = JSON.parse(await dumpOrg(api.world.db, orgId)) as Record<string, string[]>
    for (const table of ['competitor', 'competitor_page', 'backlink', 'backlink_list'])
      expect([table, dump[table]]).toEqual([table, []])
    expect(dump['ranking_day']?.filter((row) => row.includes(rival))).toEqual([])
  })
})

describe('referring domains', () => {
  const pushLinks = (json: object) => call('POST', `/v1/sites/${siteId}/backlinks`, json)
  const links = async () =>
    (
      (await call('GET', `/v1/sites/${siteId}/backlinks?limit=200`)).body['data'] as {
        domain: string
        firstSeen: string | null
      }[]
    )
      .map(({ domain, firstSeen }) => `${domain} ${firstSeen}`)
      .sort()

  test('without a date are new only after a complete list', async () => {
    await pushLinks({ complete: false, entries: [{ domain: 'a.example' }, { domain: 'b.example', firstSeen: '2026-01-05' }] })
    await pushLinks({ entries: [{ domain: 'c.example' }] })
    api.world.clock.advance(dayMs)
    const day = api.world.clock.now().toISOString().slice(0, 10)
    await pushLinks({ entries: [{ domain: 'www.d.example' }, { domain: 'd.example' }, { domain: 'a.example' }] })
    expect(await links()).toEqual(['a.example null', 'b.example 2026-01-05', 'c.example null', `d.example ${day}`])
  })

  test('come as CSV too, once, and are refused whole', async () => {
    const csv = (raw: string, query = '') =>
      api.call('POST', `/v1/sites/${siteId}/backlinks${query}`, { key, raw, headers: { 'content-type': 'text/csv' } })
    const first = await csv('Referring Domain,First Seen\na.example,2026-01-01\nb.example,\n', '?complete=false')
    expect(first.body).toMatchObject({ complete: false, entries: 2, competitorId: null })
    const again = () => csv('Referring Domain,First Seen\na.example,2026-01-01\nb.example,\n', '?complete=false')
    expect((await refusedWhole(again, 201)).body).toEqual(first.body)
    const bad = await refusedWhole(() => csv('domain,firstSeen\nlocalhost,2026-01-01\nb.example,soon\n'), 422)
    expect(errorsOf(bad)).toEqual([{ path: 'entries.1.firstSeen', message: expect.stringMatching(/^Line 3: /) }])
    const local = await refusedWhole(() => csv('domain\nlocalhost\n'), 422)
    expect(errorsOf(local)).toEqual([{ path: 'entries.0.domain', message: expect.stringMatching(/^Line 2: /) }])
    const unknown = await refusedWhole(() => csv('domain\na.example\n', '?competitor=nobody.example'), 422)
    expect(errorsOf(unknown)).toMatchObject([{ path: 'competitor' }])
  })
})

test('the benchmark shows the site beside its competitors, now and before', async () => {
  const rival = await addCompetitor('rival.example')
  const now = api.world.clock.now().getTime()
  const on = (daysAgo: number, own: number | null, theirs: number | null) =>
    push({
      checkedAt: new Date(now - daysAgo * dayMs).toISOString(),
      entries: [entry('shoes', own, { competitors: [{ domain: 'rival.example', position: theirs }] }), entry('boots', 1)],
    })
  await call('POST', `/v1/sites/${siteId}/keywords/bulk`, {
    keywords: [{ phrase: 'shoes', country: 'US', monthlySearches: 1000 }],
  })
  for (const [daysAgo, own, theirs] of [
    [28, 1, 3],
    [8, 1, 3],
    [1, 3, 1],
  ] as const)
    await on(daysAgo, own, theirs)
  await call('POST', `/v1/sites/${siteId}/backlinks`, {
    competitor: 'rival.example',
    entries: [{ domain: 'a.example', firstSeen: api.world.clock.now().toISOString().slice(0, 10) }, { domain: 'b.example' }],
  })
  const { body } = await call('GET', `/v1/sites/${siteId}/benchmark`)
  expect(body).toMatchObject({
    keywords: 2,
    measured: 2,
    parties: [
      {
        competitorId: null,
        domain: 'shop.example',
        visibility: { now: 380, weekAgo: 560, fourWeeksAgo: 560 },
        ahead: 0,
        overtakes: 0,
      },
      {
        competitorId: rival,
        visibility: { now: 280, weekAgo: 100, fourWeeksAgo: 100 },
        ahead: 1,
        overtakes: 1,
        referringDomains: 2,
        newReferringDomains: { week: 1, fourWeeks: 1 },
      },
    ],
  })
  const chart = (await call('GET', `/v1/sites/${siteId}/visibility?days=10`)).body['days'] as {
    day: string
    parties: unknown[]
  }[]
  // Each measurement holds for three days; after that nobody knows.
  expect(chart.map(({ day, parties }) => [day.slice(5), parties.length])).toHaveLength(5)
})
