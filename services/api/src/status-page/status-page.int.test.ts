import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { newId, type OrgId, type SubscriberId } from '@tocsin/contract/ids'
import { confirmToken, manageToken, subscriberLinkPurpose } from '@tocsin/domain/subscribers/links'
import { createSecretBox } from '@tocsin/process/secret-box'
import { startTestApi, type TestAnswer, type TestApi } from '@tocsin/testkit/api'

const box = createSecretBox('a secret that only tests may know, 32+', subscriberLinkPurpose)
let api: TestApi
let orgId: OrgId
let key: string
let slug: string
let pageId: string

beforeAll(async () => {
  api = await startTestApi({ env: { API_SUBSCRIPTIONS_PER_MINUTE: '100000', PUBLIC_URL: 'https://status.example' } })
})
afterAll(() => api.stop())
beforeEach(async () => {
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'admin')
  const { body } = await api.call('GET', '/v1/status-pages', { key })
  const [page] = body['data'] as { id: string; slug: string }[]
  slug = page?.slug ?? ''
  pageId = page?.id ?? ''
})

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const post = (path: string, fields: Record<string, string> = {}, headers = urlencoded) =>
  api.call('POST', path, { raw: new URLSearchParams(fields).toString(), headers })
const subscribe = (address: string) => post(`/s/${slug}/subscribe`, { address })
const make = async (path: string, json: object) => (await api.call('POST', path, { key, json })).body
const incident = (json: object) => make('/v1/incidents', { title: 'Down', ...json })

async function readSubscriber(): Promise<Subscriber> {
  const { body } = await api.call('GET', '/v1/subscribers', { key })
  const [subscriber] = body['data'] as Subscriber[]
  if (!subscriber) throw new Error('There is no subscriber.')
  return subscriber
}
/** What a mail would say. */
async function linkSent(): Promise<string> {
  const { rows } = await api.world.db.transaction({ orgId }, (sql) =>
    sql.query<{ id: SubscriberId; nonce: string }>(
      `select subscriber_id as id, message #>> '{data,nonce}' as nonce from delivery
       where event_type = 'message.subscriber_confirm' order by created_at desc limit 1`,
    ),
  )
  const [sent] = rows
  if (!sent) throw new Error('Nothing was sent.')
  return `/s/-/confirm/${confirmToken(box, sent.id, sent.nonce)}`
}
const mails = async (): Promise<string[]> => {
  const { body } = await api.call('GET', '/v1/deliveries?sort=oldest', { key })
  return (body['data'] as { eventType: string }[]).map(({ eventType }) => eventType)
}

describe('the page', () => {
  test('says what is going on, escapes what people wrote, and needs nothing from anywhere', async () => {
    const group = await make('/v1/component-groups', { name: 'Shop & till' })
    const component = await make('/v1/components', { name: '<b>Checkout</b>', groupId: group['id'] })
    const nasty = '<script>alert(1)</script> [x](javascript:alert(1)) ![p](https://evil.example/p.png) **bold**'
    await incident({ body: nasty, components: [{ componentId: component['id'], status: 'partial_outage' }], impact: 'major' })
    const { status, text, headers } = await api.call('GET', `/s/${slug}`)
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
    expect(text).toContain('Some systems are partly down')
    expect(text).toContain('Shop &amp; till')
    expect(text).toContain('&lt;b&gt;Checkout&lt;/b&gt;')
    expect(text).toContain('<strong>bold</strong>')
    expect(text).not.toMatch(/<script|<img|href="javascript/)
    const csp = headers.get('content-security-policy') ?? ''
    expect(csp).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    )
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('set-cookie')).toBeNull()
    expect(Buffer.byteLength(text)).toBeLessThan(50_000)
  })

  test('is asked for again with its ETag, and changes with what it shows', async () => {
    const first = await api.call('GET', `/s/${slug}`)
    const etag = first.headers.get('etag') ?? ''
    expect((await api.call('GET', `/s/${slug}`, { headers: { 'if-none-match': etag } })).status).toBe(304)
    await incident({})
    expect((await api.call('GET', `/s/${slug}`, { headers: { 'if-none-match': etag } })).status).toBe(200)
  })

  test('is there only as long as it is enabled, under its slug of today', async () => {
    const change = (json: object) => api.call('PATCH', `/v1/status-pages/${pageId}`, { key, json })
    const old = slug
    const wanted = `page-${newId('request').slice(-8)}`
    expect((await change({ slug: wanted })).status).toBe(200)
    expect((await api.call('GET', `/s/${old}`)).status).toBe(404)
    expect((await api.call('GET', `/s/${wanted}`)).status).toBe(200)
    const other = await api.world.newOrg()
    const otherKey = await api.apiKey(other, 'admin')
    const { body } = await api.call('GET', '/v1/status-pages', { key: otherKey })
    const otherPage = (body['data'] as { id: string }[])[0]?.id
    const taken = await api.call('PATCH', `/v1/status-pages/${otherPage}`, { key: otherKey, json: { slug: wanted } })
    expect(taken.status).toBe(409)
    await change({ enabled: false })
    expect((await api.call('GET', `/s/${wanted}`)).status).toBe(404)
    expect((await api.call('GET', `/s/${wanted}/feed.atom`)).status).toBe(404)
  })

  test.each([
    '/s',
    '/s/',
    '/s/%00',
    '/s/../v1/sites',
    '/s/-/confirm/x',
    '/s/-/manage/x',
    '/s/-/unsubscribe/x',
    '/s/no-such-page',
  ])('%s is nothing', async (path) => {
    const answer = await api.call('GET', path)
    expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
  })
})

describe('the feeds', () => {
  test('name an incident the same for ever', async () => {
    const { id } = await incident({ title: 'A & B are <down>', body: 'We look \u0007 at it.' })
    const stable = `tag:status.example,2005:Incident/${String(id)}`
    const atom = await api.call('GET', `/s/${slug}/feed.atom`)
    expect(atom.headers.get('content-type')).toBe('application/atom+xml; charset=utf-8')
    expect(atom.text).toContain(`<id>${stable}</id><title>A &amp; B are &lt;down&gt;</title>`)
    expect(atom.text).toContain(`href="https://status.example/s/${slug}#${String(id)}"`)
    expect(atom.text).not.toContain('\u0007')
    const rss = await api.call('GET', `/s/${slug}/feed.rss`)
    expect(rss.headers.get('content-type')).toBe('application/rss+xml; charset=utf-8')
    expect(rss.text).toContain(`<guid isPermaLink="false">${stable}</guid>`)
    await api.call('PATCH', `/v1/status-pages/${pageId}`, { key, json: { name: 'Moved' } })
    await api.call('POST', `/v1/incidents/${String(id)}/updates`, { key, json: { status: 'resolved', body: 'Over.' } })
    expect((await api.call('GET', `/s/${slug}/feed.atom`)).text).toContain(`<id>${stable}</id>`)
  })
})

describe('subscribing', () => {
  const bare = ({ status, text, headers }: TestAnswer) => [status, text, headers.get('cache-control'), headers.get('set-cookie')]

  test('answers the same whether an address is new, asked, confirmed or gone', async () => {
    const answers = [bare(await subscribe('reader@example.com')), bare(await subscribe('READER@example.com'))]
    await post(await linkSent())
    api.world.clock.advance(3_600_000)
    answers.push(bare(await subscribe('reader@example.com')))
    expect(await mails()).toEqual(['message.subscriber_confirm', 'message.subscriber_manage'])
    await post(`/s/-/unsubscribe/${manageToken(box, (await readSubscriber()).id)}`)
    api.world.clock.advance(3_600_000)
    answers.push(bare(await subscribe('reader@example.com')))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect(await readSubscriber()).toMatchObject({ state: 'pending' })
  })

  test('asks once in ten minutes, however often somebody types the address', async () => {
    for (let n = 0; n < 20; n += 1) await subscribe('victim@example.com')
    expect(await mails()).toEqual(['message.subscriber_confirm'])
    api.world.clock.advance(10 * 60_000)
    await subscribe('victim@example.com')
    expect(await mails()).toHaveLength(2)
  })

  test.each(['', 'no address', 'a@b', 'x@example.com\r\nBcc: y@example.com', `${'x'.repeat(300)}@example.com`])(
    '%j is no address',
    async (address) => {
      expect((await subscribe(address)).status).toBe(422)
      expect(await mails()).toEqual([])
    },
  )

  test.each([
    { path: '/s/%00/subscribe', fields: { address: 'reader@example.com' }, status: 404 },
    { path: '/s/%ff/subscribe', fields: { address: 'reader@example.com' }, status: 400 },
    { path: '/s/%F0%9F%90%99/subscribe', fields: { address: 'reader@example.com' }, status: 404 },
  ])('$path is nothing', async ({ path, fields, status }) => {
    expect((await post(path, fields)).status).toBe(status)
  })

  test.each([
    'https://hook.example/a\u0000b',
    'https://hook.example/\ud800',
    'https://user:pass@hook.example/',
    'https://[::1]/',
  ])('the URL %j breaks nothing', async (url) => {
    for (const kind of ['webhook', 'slack']) expect((await post(`/s/${slug}/subscribe`, { kind, url })).status).toBeLessThan(500)
  })

  test('a form that is too large, or none, is refused', async () => {
    expect((await subscribe('x'.repeat(20_000))).status).toBe(413)
    const answer = await api.call('POST', `/s/${slug}/subscribe`, { json: { address: 'reader@example.com' } })
    expect(answer.status).toBe(422)
  })

  test('webhooks and chats inside our network are not taken', async () => {
    expect((await post(`/s/${slug}/subscribe`, { kind: 'webhook', url: 'https://inside.example/hook' })).status).toBe(422)
    expect((await post(`/s/${slug}/subscribe`, { kind: 'slack', url: 'http://169.254.169.254/' })).status).toBe(422)
    expect((await post(`/s/${slug}/subscribe`, { kind: 'webhook', url: 'https://hook.example/in' })).status).toBe(200)
    const confirmed = await post(await linkSent())
    expect(confirmed.text).toMatch(/<pre>whsec_[\w+/=]+<\/pre>/)
    expect(await readSubscriber()).toMatchObject({ kind: 'webhook', address: 'hook.example', state: 'confirmed' })
  })

  async function statusesOf(env: Record<string, string>, forms: Record<string, string>[]): Promise<number[]> {
    const limited = await startTestApi({ env: { API_SUBSCRIPTIONS_PER_MINUTE: '3', ...env } })
    const statuses = []
    for (const [index, form] of forms.entries()) {
      const raw = new URLSearchParams(form).toString()
      const headers = { ...urlencoded, 'x-forwarded-for': `198.51.100.${index}` }
      statuses.push((await limited.call('POST', '/s/nobody-s/subscribe', { raw, headers })).status)
    }
    await limited.stop()
    return statuses
  }

  test('is limited by network address, whatever a header says that no proxy of ours wrote', async () => {
    const forms = [1, 2, 3, 4].map((n) => ({ address: `reader${n}@example.com` }))
    expect(await statusesOf({}, forms)).toEqual([404, 404, 404, 429])
    expect(await statusesOf({ TRUST_PROXY: '1' }, forms)).toEqual([404, 404, 404, 404])
  })

  test.each([
    { what: 'mailbox, under whichever of its addresses', form: (n: number) => ({ address: `victim+${n}@example.com` }) },
    { what: 'host, whatever the path', form: (n: number) => ({ kind: 'webhook', url: `https://hook.example/${n}?x=${n}` }) },
  ])('is limited by $what', async ({ form }) => {
    const forms = [1, 2, 3, 4].map((n) => form(n))
    expect(await statusesOf({ TRUST_PROXY: '1' }, forms)).toEqual([404, 404, 404, 429])
  })
})

describe('the link that confirms', () => {
  test('shows a button, and is good once, for three days', async () => {
    await subscribe('reader@example.com')
    const link = await linkSent()
    expect((await api.call('GET', link)).text).toContain('<button>Confirm</button>')
    expect((await readSubscriber()).state).toBe('pending')
    const { rows } = await api.world.db.transaction({ orgId }, (sql) => sql.query('select * from subscriber, delivery'))
    expect(JSON.stringify(rows)).not.toContain(link.split('.').at(-1))
    expect((await post(link)).status).toBe(200)
    expect(await readSubscriber()).toMatchObject({ state: 'confirmed', confirmedAt: api.world.clock.now().toISOString() })
    expect((await post(link)).status).toBe(404)
    await subscribe('late@example.com')
    const late = await linkSent()
    api.world.clock.advance(72 * 3_600_000)
    expect((await post(late)).status).toBe(404)
  })

  test('of another subscriber opens nothing', async () => {
    await subscribe('reader@example.com')
    const { id } = await readSubscriber()
    for (const token of [manageToken(box, id), confirmToken(box, id, 'guessed'), `${id}.${'A'.repeat(43)}`])
      expect((await post(`/s/-/confirm/${token}`)).status).toBe(404)
    expect((await post(`/s/-/manage/${(await linkSent()).split('/').at(-1)}`, { impact: 'major', pause: '7' })).status).toBe(404)
    expect((await readSubscriber()).state).toBe('pending')
  })
})

describe('leaving', () => {
  const multipart = 'multipart/form-data; boundary=x'
  test.each([
    { type: urlencoded['content-type'], raw: 'List-Unsubscribe=One-Click' },
    { type: multipart, raw: '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n' },
  ])('is one POST as $type, without a cookie or a redirect; twice is no error', async ({ type, raw }) => {
    await subscribe('reader@example.com')
    await post(await linkSent())
    const path = `/s/-/unsubscribe/${manageToken(box, (await readSubscriber()).id)}`
    const looked = await api.call('GET', path)
    expect([looked.status, looked.text.includes('<button>Unsubscribe</button>')]).toEqual([200, true])
    expect((await readSubscriber()).state).toBe('confirmed')
    for (const _ of [1, 2]) {
      const answer = await api.call('POST', path, { raw, headers: { 'content-type': type, origin: 'https://mail.example' } })
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([200, null])
    }
    expect(await readSubscriber()).toMatchObject({ state: 'unsubscribed', stateReason: 'by_themselves' })
    await api.call('DELETE', `/v1/subscribers/${(await readSubscriber()).id}`, { key })
    expect((await post(path)).status).toBe(200)
  })
})

describe('what the org does', () => {
  test('a list is imported with consent, and exported as it can be imported again', async () => {
    const csv = 'Address,Confirmed at,Consent\r\nagreed@example.com,2026-02-01T10:00:00Z,Order form\r\nasked@example.com,,\r\n'
    const load = (raw: string, to: string) =>
      api.call('POST', '/v1/subscribers/import', { key: to, raw, headers: { 'content-type': 'text/csv' } })
    expect((await load(csv, key)).body).toEqual({ confirmed: 1, asked: 1, known: 0 })
    expect((await load(csv, key)).body).toEqual({ confirmed: 0, asked: 0, known: 2 })
    expect(await mails()).toEqual(['message.subscriber_confirm'])
    const exported = await api.call('GET', '/v1/subscribers?format=csv&state=confirmed', { key })
    expect(exported.text).toContain('agreed@example.com')
    const elsewhere = await api.apiKey(await api.world.newOrg(), 'admin')
    const rows = exported.text.split('\r\n').map((line) => line.split(','))
    const columns = ['address', 'confirmedAt', 'consent'].map((name) => rows[0]?.indexOf(name) ?? -1)
    const again = rows.map((cells) => columns.map((column) => cells[column]).join(',')).join('\r\n')
    expect((await load(again, elsewhere)).body).toEqual({ confirmed: 1, asked: 0, known: 0 })
    const wrong = await load('address,confirmed_at\r\nnobody,\r\nreader@example.com,yesterday', key)
    expect([wrong.status, JSON.stringify(wrong.body['errors'])]).toEqual([422, expect.stringContaining('Line 2')])
  })

  test('an address that is added is asked, and told nothing before', async () => {
    await make('/v1/subscribers', { address: 'Reader@Example.com' })
    expect(await readSubscriber()).toMatchObject({ address: 'reader@example.com', state: 'pending', source: 'admin' })
    expect(await mails()).toEqual(['message.subscriber_confirm'])
  })
})
