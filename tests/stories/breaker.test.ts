import { expect, jest, test } from '@jest/globals'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Threat } from '@tocsin/contract/api/threats'
import { threatDetected } from '@tocsin/contract/events/threats'
import { newId } from '@tocsin/contract/ids'
import { startTestFleet } from '@tocsin/testkit/fleet'

jest.setTimeout(120_000)

const storm = 40

const threat = (n: number): Threat => ({
  id: newId('threat'),
  siteId: newId('site'),
  scanId: null,
  rule: 'http.5xx',
  type: 'technical_error',
  severity: 'high',
  subject: `https://shop.example/${n}`,
  dedupeKey: `http.5xx:shop:${n}`,
  title: `Page ${n} answers 500`,
  description: 'Seen twice.',
  impact: 'Visitors see an error.',
  action: 'Look at the log.',
  state: 'active',
  flapping: false,
  causeId: null,
  importance: 5,
  occurrences: 1,
  firstSeenAt: '2026-03-02T09:00:00.000Z',
  lastSeenAt: '2026-03-02T09:00:00.000Z',
  acknowledgedAt: null,
  resolvedAt: null,
  changedBy: null,
  note: null,
})

test('a storm of threats is three mails, one notice and digests that name every one', async () => {
  const fleet = await startTestFleet()
  try {
    const org = await fleet.org('storm')
    await org.call('POST', '/v1/destinations', { kind: 'email', address: 'oncall@storm.example' })
    const threats = Array.from({ length: storm }, (_, n) => threat(n))
    const viewer = await org.view('&events=circuit_breaker.*')
    await fleet.fleet.foundation.journal.change(org.orgId, { kind: 'system', id: 'test' }, async (change) => {
      for (const each of threats)
        change.emit(threatDetected, { threat: each, site: { id: each.siteId, name: 'Shop', url: 'https://shop.example/' } })
    })
    await viewer.first('circuit_breaker.tripped')
    await fleet.mail.received(4)
    // What has arrived may not be recorded yet, and an hour that passes in between would end its lease.
    while ((await org.call<{ data: Delivery[] }>('GET', '/v1/deliveries?state=pending')).data.length > 0) await fleet.settle()
    fleet.clock.advance(61 * 60_000)
    const digest = await fleet.mail.first((mail) => threats.filter((each) => mail.text.includes(each.id)).length > 3)
    const told = threats.filter((each) => fleet.mail.messages.some((mail) => mail.text.includes(each.id)))
    expect(told).toHaveLength(storm)
    expect(fleet.mail.messages.map((mail) => mail.subject)).toHaveLength(5)
    expect(digest.text).toContain(String(storm - 3))
    const inState = (state: string) => org.call<{ data: Delivery[] }>('GET', `/v1/deliveries?state=${state}&limit=200`)
    while ((await inState('held')).data.length > 0) await fleet.settle()
    const held = await inState('digested')
    expect(held.data).toHaveLength(storm - 3)
    expect(new Set(held.data.map((delivery) => delivery.reason))).toEqual(new Set(['over_daily_limit']))
    viewer.close()
  } finally {
    await fleet.stop()
  }
})
