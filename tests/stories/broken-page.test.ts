import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Alert, AlertDecision } from '@tocsin/contract/api/alerts'
import type { Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import type { Webhook } from '@tocsin/contract/api/webhooks'
import { createDemoSite, type DemoSite } from '@tocsin/fleet/demo/demo-site'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { createWebhookSink, type WebhookSink } from '@tocsin/testkit/sinks/webhook-sink'
import { type Frame, isEvent, type Viewer } from '@tocsin/testkit/viewer'

jest.setTimeout(120_000)

let fleet: TestFleet
let org: TestOrg
let website: DemoSite
let hook: WebhookSink
let viewer: Viewer
let site: Site

const threatOf = (frame: Frame) => (frame.data['data'] as { threat: Threat }).threat
const scanOf = (frame: Frame) => (frame.data['data'] as { scan: Scan }).scan

beforeAll(async () => {
  fleet = await startTestFleet()
  website = await createDemoSite({})
  hook = await createWebhookSink({ now: () => fleet.clock.now() })
  org = await fleet.org('acme')
  viewer = await org.view()
  const webhook = await org.call<Webhook & { secret: string }>('POST', '/v1/webhooks', { url: hook.url, events: ['threat.*'] })
  hook.verifyWith(webhook.secret)
  await org.call('POST', '/v1/destinations', { kind: 'email', address: 'oncall@acme.example' })
  site = await org.call<Site>('POST', '/v1/sites', {
    url: website.url,
    confirmation: { firstSeconds: 1, secondSeconds: 2, resolveSeconds: 2 },
  })
})

afterAll(async () => {
  viewer?.close()
  await fleet?.stop()
  await website?.close()
  await hook?.close()
})

async function scanNow(): Promise<Scan> {
  const { id } = await org.call<Scan>('POST', `/v1/sites/${site.id}/scans`)
  return scanOf(await viewer.first('scan.completed', (frame) => scanOf(frame).id === id))
}

test('the first scan is the baseline and a healthy site has no threat', async () => {
  const scan = await scanNow()
  expect(scan).toMatchObject({ baseline: true, complete: true, threatsFound: 0, suspected: 0 })
  expect((await org.call<{ data: Threat[] }>('GET', '/v1/threats')).data).toEqual([])
})

test('a page that says noindex becomes a threat that browser, webhook and mail are told of', async () => {
  website.flip('noindex_page', true)
  await scanNow()
  const seen = threatOf(await viewer.first('threat.detected'))
  expect(seen).toMatchObject({ rule: 'idx.noindex', state: 'active', siteId: site.id })

  const message = await hook.first((received) => (received.json as { type: string }).type === 'threat.detected')
  expect(message.verified).toBe(true)
  expect(message.json).toMatchObject({ type: 'threat.detected', data: { threat: { id: seen.id } } })

  await viewer.first('alert.triggered')
  // The first message of a group waits half a minute for others.
  fleet.clock.advance(31_000)
  for (const address of ['oncall@acme.example', 'acme@example.com']) {
    await fleet.mail.first(({ to, subject }) => to.includes(address) && subject.includes(seen.title))
  }

  const { evidence, looks } = await org.call<{ evidence: unknown; looks: unknown[] }>('GET', `/v1/threats/${seen.id}`)
  expect(evidence).toBeTruthy()
  expect(looks.length).toBeGreaterThanOrEqual(2)
})

test('once repaired, it resolves, and everybody who was told is told', async () => {
  const { data } = await org.call<{ data: Threat[] }>('GET', '/v1/threats')
  website.flip('noindex_page', false)
  await scanNow()
  const resolved = threatOf(await viewer.first('threat.resolved'))
  expect(data.map((threat) => threat.id)).toContain(resolved.id)
  await hook.first((received) => (received.json as { type: string }).type === 'threat.resolved')
  await viewer.first('alert.resolved')
  // The next message of a group comes five minutes after the one before.
  fleet.clock.advance(301_000)
  await fleet.mail.first((received) => /resolved/i.test(received.subject))
  const [alert] = (await org.call<{ data: Alert[] }>('GET', '/v1/alerts')).data
  const { data: decisions } = await org.call<{ data: AlertDecision[] }>('GET', `/v1/alerts/${alert?.id}/decisions`)
  const whys = decisions.map(({ receiver, notice, verdict, reason }) => `${receiver.kind} ${notice}: ${verdict} ${reason}`)
  expect(whys.sort()).toEqual([
    'destination resolved: sent subscribed',
    'destination triggered: sent subscribed',
    'member resolved: sent subscribed',
    'member triggered: sent subscribed',
  ])
})

test('the viewer saw every event once, in order, without a hole', async () => {
  const { head, data } = await org.call<{ head: number; data: { seq: number; type: string }[] }>('GET', '/v1/events?limit=1000')
  await viewer.first('threat.summary_changed', (frame) => frame.id !== null && frame.id <= head)
  const after = viewer.frames.find((frame) => frame.event === 'connected')?.data['seq'] as number
  const durable = viewer.frames.filter(isEvent)
  const expected = data.filter((event) => event.seq > after).map((event) => [event.seq, event.type])
  expect(durable.slice(0, expected.length).map((frame) => [frame.id, frame.event])).toEqual(expected)
})
