import { expect, jest, test } from '@jest/globals'
import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import type { Alert } from '@tocsin/contract/api/alerts'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import { threatDetected } from '@tocsin/contract/events/threats'
import { newId } from '@tocsin/contract/ids'
import { startTestFleet } from '@tocsin/testkit/fleet'

jest.setTimeout(120_000)

const storm = 40

const threat = (site: Site, n: number): Threat => ({
  id: newId('threat'),
  siteId: site.id,
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
    const site = await org.call<Site>('POST', '/v1/sites', { url: 'http://127.0.0.1:9/' })
    await org.call('POST', `/v1/sites/${site.id}/pause`, {})
    await org.call('POST', '/v1/destinations', { kind: 'email', address: 'oncall@storm.example' })
    const rules = await org.call<{ data: AlertRule[] }>('GET', '/v1/alert-rules')
    const rule = rules.data.find(({ preset }) => preset === 'threats')
    // Each on its own and at once: else all of them were one message.
    await org.call('PATCH', `/v1/alert-rules/${rule?.id}`, { groupBy: ['subject'], groupWaitSeconds: 0 })
    const threats = Array.from({ length: storm }, (_, n) => threat(site, n))
    const isAboutAlerts = ({ subject }: { subject: string }) => !subject.startsWith('Security')
    const heard = () => fleet.mail.messages.filter((mail) => mail.to.includes('oncall@storm.example') && isAboutAlerts(mail))
    const viewer = await org.view('&events=circuit_breaker.*')
    await fleet.fleet.foundation.journal.change(org.orgId, { kind: 'system', id: 'test' }, async (change) => {
      for (const each of threats)
        change.emit(threatDetected, { threat: each, site: { id: site.id, name: site.name, url: site.url } })
    })
    await viewer.first('circuit_breaker.tripped')
    const arrived = async (count: number) => {
      while (fleet.mail.messages.filter(isAboutAlerts).length < count) await fleet.settle()
    }
    // The org's one member and the destination, four each.
    await arrived(8)
    const alerts = (await org.call<{ data: Alert[] }>('GET', '/v1/alerts?limit=200')).data
    expect(alerts).toHaveLength(storm)
    const inState = (state: string) => org.call<{ data: Delivery[] }>('GET', `/v1/deliveries?state=${state}&limit=200`)
    while ((await inState('held')).data.length < 2 * (storm - 3)) await fleet.settle()
    // What has arrived may not be recorded yet, and an hour that passes in between would end its lease.
    while ((await inState('pending')).data.length > 0) await fleet.settle()
    fleet.clock.advance(61 * 60_000)
    await arrived(10)
    const told = alerts.filter((each) => heard().some((mail) => mail.text.includes(each.id)))
    expect(told).toHaveLength(storm)
    expect(heard()).toHaveLength(5)
    expect(heard().at(-1)?.subject).toContain(String(storm - 3))
    while ((await inState('held')).data.length > 0) await fleet.settle()
    const held = await inState('digested')
    expect(held.data).toHaveLength(2 * (storm - 3))
    expect(new Set(held.data.map((delivery) => delivery.reason))).toEqual(new Set(['over_daily_limit']))
    viewer.close()
  } finally {
    await fleet.stop()
  }
})
