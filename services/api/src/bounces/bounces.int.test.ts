import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { type DeliveryId, newId, type OrgId } from '@tocsin/contract/ids'
import { planTest } from '@tocsin/domain/deliveries/deliveries'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

const secret = 'secret-of-the-mail-server'
let api: TestApi
let orgId: OrgId
let key: string
let reader: Subscriber
let deliveryId: DeliveryId

beforeAll(async () => {
  api = await startTestApi({ env: { BOUNCE_SECRET: secret } })
})
afterAll(() => api.stop())

let count = 0
beforeEach(async () => {
  count += 1
  orgId = await api.world.newOrg()
  key = await api.apiKey(orgId, 'admin')
  reader = await subscriberOf(key, `reader${count}@example.com`)
  deliveryId = (await api.world.change(orgId, (change) => planTest(change, { subscriberId: reader.id }))).id
})

async function subscriberOf(key: string, address: string): Promise<Subscriber> {
  const subscribers = [{ address, confirmedAt: '2026-02-01T00:00:00Z', consent: 'Order form' }]
  expect((await api.call('POST', '/v1/subscribers/import', { key, json: { subscribers } })).body).toMatchObject({ confirmed: 1 })
  return await read(key, address)
}
async function read(by: string, address: string): Promise<Subscriber> {
  const { body } = await api.call('GET', `/v1/subscribers?address=${address}`, { key: by })
  const [subscriber] = body['data'] as Subscriber[]
  if (!subscriber) throw new Error('There is no such subscriber.')
  return subscriber
}
const stateOf = async () => {
  const { state, stateReason } = await read(key, reader.address)
  return [state, stateReason]
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const pipe = (mail: string, headers: Record<string, string> = bearer(secret)) =>
  api.call('POST', '/v1/bounces/dsn', { raw: mail, headers: { 'content-type': 'message/rfc822', ...headers } })
const tell = (json: unknown, headers: Record<string, string> = bearer(secret)) =>
  api.call('POST', '/v1/bounces/provider', { json, headers })

const nowhere = 'bounces@status.example'
/** As Postfix writes it. */
const dsn = (more: { status: string; action?: string; diagnostic?: string; returned?: string; to?: string }): string =>
  [
    'From: MAILER-DAEMON@mx.example',
    `To: ${more.to ?? `bounces+${deliveryId}@status.example`}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
    '',
    '--B',
    'Content-Type: text/plain',
    '',
    'This is the mail system. Your message could not be delivered.',
    '',
    '--B',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    'Arrival-Date: Sun, 1 Mar 2026 10:00:00 +0000',
    '',
    `Final-Recipient: rfc822; ${reader.address}`,
    `Action: ${more.action ?? 'failed'}`,
    `Status: ${more.status}`,
    `Diagnostic-Code: smtp; ${more.diagnostic ?? '550 No such'}`,
    '    user here',
    '',
    ...(more.returned === undefined ? [] : ['--B', 'Content-Type: message/rfc822', '', more.returned, '', 'Hello', '']),
    '--B--',
    '',
  ].join('\r\n')

describe('a delivery status notification', () => {
  test.each([
    { when: 'returns our delivery', returned: () => `X-Tocsin-Delivery: ${deliveryId}\r\nSubject: Hello` },
    { when: 'returns our message id only', returned: () => `Message-ID: <${deliveryId}@status.example>` },
  ])('$when: the address is not there, and gets nothing more', async ({ returned }) => {
    const answer = await pipe(dsn({ status: '5.1.1', returned: returned(), to: nowhere }))
    expect([answer.status, answer.body]).toEqual([202, { found: 1, noted: 1 }])
    expect(await stateOf()).toEqual(['quarantined', 'hard_bounce'])
    const { body } = await api.call('GET', `/v1/deliveries/${deliveryId}`, { key })
    expect(body['state']).toBe('dropped')
  })

  test('comes back to the address that names the delivery', async () => {
    await pipe(dsn({ status: '5.1.1' }))
    expect(await stateOf()).toEqual(['quarantined', 'hard_bounce'])
  })

  test.each([
    { what: 'that somebody else wrote of an address', mail: () => dsn({ status: '5.1.1', to: nowhere }) },
    {
      what: 'of a delivery that is none',
      mail: () => dsn({ status: '5.1.1', to: `bounces+${newId('delivery')}@status.example` }),
    },
    { what: 'of spam that somebody else wrote of an address', mail: () => complaint(nowhere) },
  ])('$what ends nothing: anybody can send us a mail', async ({ mail }) => {
    expect((await pipe(mail())).body).toMatchObject({ noted: 0 })
    expect(await stateOf()).toEqual(['confirmed', null])
  })

  test('speaks of one mail, however often it says so', async () => {
    const [head, blocks = ''] = dsn({ status: '4.2.2' }).split(/(?=Final-Recipient)/)
    const many = `${head}${`${blocks.split('\r\n\r\n')[0]}\r\n\r\n`.repeat(50)}--B--\r\n`
    expect((await pipe(many)).body).toEqual({ found: 1, noted: 1 })
    expect(await stateOf()).toEqual(['confirmed', null])
  })

  test.each([
    { what: 'is still tried', more: { status: '4.4.1', action: 'delayed' }, found: 0 },
    { what: 'has arrived', more: { status: '2.0.0', action: 'delivered' }, found: 0 },
    { what: 'was full, once', more: { status: '5.2.2' }, found: 1 },
    { what: 'is what they think of us', more: { status: '5.7.1' }, found: 1 },
  ])('that $what ends nothing', async ({ more, found }) => {
    expect((await pipe(dsn(more))).body).toMatchObject({ found })
    expect(await stateOf()).toEqual(['confirmed', null])
  })

  test('five soft ones in a row do', async () => {
    for (let n = 1; n <= 5; n += 1) {
      expect(await stateOf()).toEqual(['confirmed', null])
      await pipe(dsn({ status: '4.2.2' }))
    }
    expect(await stateOf()).toEqual(['quarantined', 'soft_bounces'])
  })

  test('what is none changes nothing', async () => {
    const mails = [
      '',
      'Subject: Out of office\r\n\r\nI am away.',
      '\u0000\u0001\u0002',
      'x'.repeat(100_000),
      dsn({ status: 'nonsense' }),
      `Content-Type: multipart/report; boundary=B\r\n\r\n${'--B\r\n\r\n'.repeat(100_000)}`,
    ]
    for (const mail of mails) expect((await pipe(mail)).status).toBe(202)
    expect((await pipe('x'.repeat(1024 * 1024 + 1))).status).toBe(413)
    expect(await stateOf()).toEqual(['confirmed', null])
  })
})

const complaint = (to?: string): string =>
  dsn({ status: '5.0.0', ...(to === undefined ? {} : { to }) })
    .replace('report-type=delivery-status', 'report-type=feedback-report')
    .replace(/Content-Type: message\/delivery-status[\s\S]*user here/, () =>
      [
        'Content-Type: message/feedback-report',
        '',
        'Feedback-Type: abuse',
        'Version: 1',
        `Original-Rcpt-To: ${reader.address}`,
      ].join('\r\n'),
    )

test('an abuse report ends it', async () => {
  await pipe(complaint())
  expect(await stateOf()).toEqual(['unsubscribed', 'complaint'])
})

describe('a provider', () => {
  const headers = () => [{ name: 'X-Tocsin-Delivery', value: deliveryId }]
  const ses = (event: object) => ({ Type: 'Notification', Message: JSON.stringify(event) })
  test.each([
    {
      what: 'SES: bounced for good',
      body: () =>
        ses({
          notificationType: 'Bounce',
          mail: { headers: headers() },
          bounce: { bounceType: 'Permanent', bouncedRecipients: [{ emailAddress: reader.address }] },
        }),
      state: ['quarantined', 'hard_bounce'],
    },
    {
      what: 'SES: bounced for now',
      body: () =>
        ses({
          notificationType: 'Bounce',
          mail: {},
          bounce: { bounceType: 'Transient', bouncedRecipients: [{ emailAddress: reader.address.toUpperCase() }] },
        }),
      state: ['confirmed', null],
    },
    {
      what: 'SES: called spam',
      body: () =>
        ses({
          notificationType: 'Complaint',
          mail: {},
          complaint: { complainedRecipients: [{ emailAddress: reader.address }] },
        }),
      state: ['unsubscribed', 'complaint'],
    },
    {
      what: 'Postmark: bounced for good',
      body: () => ({ RecordType: 'Bounce', Type: 'HardBounce', TypeCode: 1, Email: reader.address }),
      state: ['quarantined', 'hard_bounce'],
    },
    {
      what: 'Postmark: called spam',
      body: () => ({ RecordType: 'SpamComplaint', Email: reader.address }),
      state: ['unsubscribed', 'complaint'],
    },
    {
      what: 'Mailgun: failed for good',
      body: () => ({
        signature: {},
        'event-data': { event: 'failed', severity: 'permanent', recipient: reader.address, message: { headers: {} } },
      }),
      state: ['quarantined', 'hard_bounce'],
    },
    {
      what: 'Mailgun: delivered',
      body: () => ({ 'event-data': { event: 'delivered', recipient: reader.address } }),
      state: ['confirmed', null],
    },
    {
      what: 'our own shape',
      body: () => ({ bounces: [{ kind: 'hard', deliveryId }] }),
      state: ['quarantined', 'hard_bounce'],
    },
  ])('$what', async ({ body, state }) => {
    expect((await tell(body())).status).toBe(202)
    expect(await stateOf()).toEqual(state)
  })

  test('SNS sends text, with a password in the URL', async () => {
    const event = ses({
      notificationType: 'Complaint',
      mail: {},
      complaint: { complainedRecipients: [{ emailAddress: reader.address }] },
    })
    const answer = await api.call('POST', '/v1/bounces/provider', {
      raw: JSON.stringify(event),
      headers: { 'content-type': 'text/plain; charset=UTF-8', authorization: `Basic ${btoa(`sns:${secret}`)}` },
    })
    expect(answer.body).toEqual({ found: 1, noted: 1 })
  })

  test.each([
    [null],
    [[]],
    ['text'],
    [{}],
    [{ Type: 'Notification', Message: '{' }],
    [{ bounces: [] }],
    [{ bounces: [{ kind: 'x' }] }],
  ])('says %j and changes nothing', async (body) => {
    expect((await tell(body)).status).toBeLessThan(500)
    expect(await stateOf()).toEqual(['confirmed', null])
  })
})

describe('a destination', () => {
  async function destination() {
    const json = { kind: 'email', name: 'On call', address: `OnCall${count}@example.com` }
    const { body } = await api.call('POST', '/v1/destinations', { key, json })
    const sent = await api.call('POST', `/v1/destinations/${String(body['id'])}/test`, { key })
    const seen = async () => (await api.call('GET', `/v1/destinations/${String(body['id'])}`, { key })).body
    return { deliveryId: sent.body['id'], address: json.address, seen }
  }
  test.each([
    { what: 'delivery', about: ({ deliveryId }: { deliveryId: unknown }) => ({ deliveryId }) },
    { what: 'address', about: ({ address }: { address: string }) => ({ address }) },
  ])('whose mail came back for good is disabled, by its $what', async ({ about }) => {
    const made = await destination()
    for (const kind of ['soft', 'complaint'])
      expect((await tell({ bounces: [{ kind, ...about(made) }] })).body).toEqual({ found: 1, noted: 0 })
    expect(await made.seen()).toMatchObject({ enabled: true })
    const hard = { bounces: [{ kind: 'hard', ...about(made) }] }
    const events = await api.world.eventsDuring(orgId, async () => {
      expect((await tell(hard)).body).toEqual({ found: 1, noted: 1 })
      await tell(hard)
    })
    expect(events.map(({ type }) => type)).toEqual(['destination.updated'])
    expect(await made.seen()).toMatchObject({ enabled: false, disabledReason: 'bounced' })
  })
})

describe('who may tell', () => {
  test('nobody without a credential, no writer, and another org only of its own', async () => {
    const body = {
      bounces: [
        { kind: 'hard', address: reader.address },
        { kind: 'complaint', deliveryId },
      ],
    }
    const elsewhere = await api.apiKey(await api.world.newOrg(), 'admin')
    const writer = await api.apiKey(orgId, 'write')
    expect((await tell(body, {})).status).toBe(401)
    expect((await tell(body, bearer(`${secret}!`))).status).toBe(401)
    expect((await tell(body, bearer(writer))).status).toBe(403)
    expect((await tell(body, bearer(elsewhere))).body).toEqual({ found: 2, noted: 0 })
    expect((await tell({ bounces: [{ kind: 'hard', deliveryId: newId('delivery') }] })).body).toMatchObject({ noted: 0 })
    expect(await stateOf()).toEqual(['confirmed', null])
    expect((await tell({ bounces: [{ kind: 'hard', deliveryId }] }, bearer(key))).body).toEqual({ found: 1, noted: 1 })
    expect(await stateOf()).toEqual(['quarantined', 'hard_bounce'])
  })
})
