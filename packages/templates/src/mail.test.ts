import { describe, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { testMessageType } from '@tocsin/contract/message'
import { type Notice, type NoticeAlert, noticeMessageType } from '@tocsin/contract/notice'
import { securityMessageType } from '@tocsin/contract/security-notice'
import { digestMessageType } from '@tocsin/domain/deliveries/message'
import { renderMail } from './mail.ts'

const at = '2026-03-02T09:00:00.000Z'
const alertId = newId('alert')
const evil = '<script>alert("1")</script>\r\nBcc: everybody@example.com'
const notice = (more: Partial<NoticeAlert> = {}): Notice => ({
  rule: 'Critical and high threats',
  dedupKey: 'key',
  more: 0,
  open: 1,
  alerts: [
    {
      id: alertId,
      kind: 'triggered',
      state: 'triggered',
      severity: 'critical',
      title: 'The cart answers 500',
      source: 'threat.detected',
      topic: 'technical_error',
      site: { id: newId('site'), name: 'Shop', url: 'https://shop.example/' },
      description: 'Seen twice.',
      impact: 'Nobody can buy.',
      action: 'Look at the log.',
      facts: [{ name: 'Where', value: 'https://shop.example/cart' }],
      path: `/alerts/${alertId}`,
      triggeredAt: at,
      resolvedAt: null,
      ...more,
    },
  ],
})
const context = { publicUrl: 'https://tocsin.example/' }
const mail = (type: string, of: unknown, publicUrl: string | null = context.publicUrl) =>
  renderMail({ seq: 7, type, at, data: of }, { publicUrl })

describe('an alert', () => {
  test('triggered: what, where, how bad, what to do, and a link', () => {
    const { subject, text, html } = mail(noticeMessageType, notice())
    expect(subject).toBe('CRITICAL Error: The cart answers 500 (Shop)')
    for (const part of [
      'https://shop.example/cart',
      'Nobody can buy.',
      'Look at the log.',
      alertId,
      `https://tocsin.example/alerts/${alertId}`,
    ]) {
      expect(text).toContain(part)
      expect(html).toContain(part)
    }
  })

  test('resolved: says so and gives no advice', () => {
    const { subject, text } = mail(noticeMessageType, notice({ kind: 'resolved', state: 'resolved', resolvedAt: at }))
    expect(subject).toBe('Resolved: The cart answers 500 (Shop)')
    expect(text).not.toContain('Look at the log.')
  })

  test('no link without a public address', () => expect(mail(noticeMessageType, notice(), null).html).not.toContain('href'))
})

test('what comes from outside is escaped, and stays on its line', () => {
  const facts = [{ name: evil, value: evil }]
  const { subject, text, html } = mail(noticeMessageType, notice({ title: evil, description: evil, facts }))
  expect(html).not.toContain('<script')
  expect(html).toContain('&lt;script&gt;')
  expect(subject).not.toMatch(/[\r\n]/)
  expect(text).not.toMatch(/^Bcc:/m)
})

test('the breaker says how many and for which day', () => {
  const { text } = mail('circuit_breaker.tripped', { day: '2026-03-02', limit: 3 })
  expect(text).toContain('its 3 alert messages for 2026-03-02')
})

test('a digest names every id and counts by severity', () => {
  const entries = [
    { seq: null, type: 'alert.worsened', at, alertId, severity: 'high', title: evil, site: 'Shop', now: 'open' },
    { seq: 2, type: 'scan.failed', at, alertId: null, severity: null, title: 'scan.failed', site: 'Shop', now: null },
  ]
  const reasons = ['over_daily_limit']
  const { subject, text, html } = mail(digestMessageType, { part: 2, parts: 3, total: 1002, reasons, entries })
  expect(subject).toBe('Digest: 1002 messages over the daily limit (2/3)')
  expect(text).toContain('1 high, 1 about other things')
  expect(text).toContain('event 2')
  expect(html).toContain(alertId)
  expect(html).not.toContain('<script')
})

test.each([
  [['do_not_disturb'], '1 message from your quiet hours'],
  [['hourly_digest'], '1 message of the last hour'],
  [['daily_digest'], '1 message of the last day'],
  [['daily_digest', 'do_not_disturb'], '1 message that waited for you'],
])('a digest of what was held for %j says why, and what is over by now', (reasons, title) => {
  const entry = {
    seq: null,
    type: 'alert.triggered',
    at,
    alertId,
    severity: 'critical',
    title: 'Shop is down',
    site: 'Shop',
  }
  const of = (now: string) => mail(digestMessageType, { part: 1, parts: 1, total: 1, reasons, entries: [{ ...entry, now }] })
  expect(of('open').subject).toBe(`Digest: ${title}`)
  expect(of('open').text).not.toContain('esolved since')
  expect(of('acknowledged').text).toContain('acknowledged since')
  for (const part of ['1 of them resolved since.', 'Resolved since', 'CRITICAL: Shop is down (Shop)', alertId]) {
    expect(of('resolved').text).toContain(part)
    expect(of('resolved').html).toContain(part)
  }
})

test('what concerns security is told in our own words, whatever the org has put in the place of others', () => {
  const security = {
    event: 'api_key.created',
    title: 'An API key was made',
    facts: [{ name: 'Key', value: evil }],
    action: 'Revoke it.',
    path: '/api-keys',
  }
  const message = { seq: 7, type: securityMessageType, at, data: security }
  const { subject, text, html } = renderMail(message, {
    ...context,
    override: () => ({ subject: 'All is well', intro: 'Nothing.' }),
  })
  expect(subject).toBe('Security: An API key was made')
  expect(text).toContain('https://tocsin.example/api-keys')
  expect(text).not.toMatch(/^Bcc:/m)
  expect(html).not.toContain('<script')
  expect(text + html).not.toContain('Nothing.')
})

test('a test mail says that nothing is wrong', () => expect(mail(testMessageType, {}).text).toContain('Nothing is wrong'))

test('any other event is told with its data', () => {
  const { subject, html } = mail('scan.failed', { scan: { failure: '<b>' } })
  expect(subject).toContain('scan.failed: ')
  expect(html).toContain('&quot;failure&quot;: &quot;&lt;b&gt;&quot;')
})
