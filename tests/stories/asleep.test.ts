import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import type { Notification } from '@tocsin/contract/api/notifications'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat } from '@tocsin/contract/api/threats'
import type { EventDefinition } from '@tocsin/contract/event'
import { threatDetected, threatResolved } from '@tocsin/contract/events/threats'
import { newId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'

jest.setTimeout(120_000)

const hours = 3_600_000
const name = 'sleeper'
let fleet: TestFleet
let org: TestOrg
let site: Site
/** The one person of the org. */
let person: { userId: string; call<Answer>(method: string, path: string, body?: unknown): Promise<Answer> }

beforeAll(async () => {
  fleet = await startTestFleet()
  org = await fleet.org(name)
  person = await signIn()
  site = await org.call<Site>('POST', '/v1/sites', { url: 'http://127.0.0.1:9/' })
  await org.call('POST', `/v1/sites/${site.id}/pause`, {})
})
afterAll(() => fleet?.stop())

async function signIn(): Promise<typeof person> {
  const json = { 'content-type': 'application/json' }
  const credentials = JSON.stringify({ email: `${name}@example.com`, password: `password of ${name}` })
  const response = await fetch(`${fleet.url}/v1/auth/sign-in`, { method: 'POST', headers: json, body: credentials })
  const { user, csrfToken } = (await response.json()) as { user: { id: string }; csrfToken: string }
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    userId: user.id,
    async call<Answer>(method: string, path: string, body?: unknown) {
      const answer = await fetch(`${fleet.url}${path}`, {
        method,
        headers: { cookie, 'x-csrf-token': csrfToken, ...(body === undefined ? {} : json) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
      return (await answer.json()) as Answer
    },
  }
}

const threatOf = (title: string, severity: Severity): Threat => ({
  id: newId('threat'),
  siteId: site.id,
  scanId: null,
  rule: 'http.5xx',
  type: 'technical_error',
  severity,
  subject: `${site.url}${severity}`,
  dedupeKey: title,
  title,
  description: 'Seen twice.',
  impact: 'Visitors see an error.',
  action: 'Look at the log.',
  state: 'active',
  flapping: false,
  causeId: null,
  importance: 5,
  occurrences: 1,
  firstSeenAt: fleet.clock.now().toISOString(),
  lastSeenAt: fleet.clock.now().toISOString(),
  acknowledgedAt: null,
  resolvedAt: null,
  changedBy: null,
  note: null,
})
const tell = (definition: EventDefinition<string, typeof threatDetected.data>, threat: Threat) =>
  fleet.fleet.foundation.journal.change(org.orgId, { kind: 'system', id: 'test' }, async (change) =>
    change.emit(definition, { threat, site: { id: site.id, name: site.name, url: site.url } }),
  )

/** The hour of the day, so many hours from now. */
const hourIn = (count: number) => new Date(fleet.clock.now().getTime() + count * hours).toISOString().slice(11, 13)

test('whoever sleeps is woken by the critical alone, and reads in the morning what else there was and what is over', async () => {
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']
  const windows = [{ days, from: `${hourIn(-1)}:00`, to: `${hourIn(7)}:00` }]
  await person.call('PUT', '/v1/preferences/schedule', { zone: 'UTC', windows })
  const viewer = await org.view('&events=notification.*,alert.*')
  const slow = threatOf('The cart is slow', 'high')
  await tell(threatDetected, threatOf('The blog answers 500', 'high'))
  await tell(threatDetected, slow)
  await tell(threatDetected, threatOf('The shop answers 500', 'critical'))
  const woken = await fleet.mail.first(({ subject }) => subject.includes('The shop answers 500'))
  expect(woken.to).toEqual([`${name}@example.com`])

  // The others wait for the morning; in the feed they are at once.
  const feed = () => person.call<{ data: Notification[]; unread: number }>('GET', '/v1/notifications?unread=true')
  while ((await feed()).unread < 3) await fleet.settle()
  const frame = await viewer.first('notification.created')
  expect(Object.keys(frame.data['data'] as object).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'notificationIds',
    'unread',
    'userId',
  ])
  expect(JSON.stringify(frame.data)).not.toContain('answers 500')
  const held = async () => (await org.call<{ data: { reason: string }[] }>('GET', '/v1/deliveries?state=held')).data
  while ((await held()).length === 0) await fleet.settle()
  expect(new Set((await held()).map(({ reason }) => reason))).toEqual(new Set(['do_not_disturb']))

  await tell(threatResolved, { ...slow, state: 'resolved', resolvedAt: fleet.clock.now().toISOString() })
  await viewer.first('alert.resolved')
  // What goes on in a group is told every few minutes.
  fleet.clock.advance(6 * 60_000)
  while ((await feed()).data.every(({ kind }) => kind !== 'resolved')) await fleet.settle()
  // Somebody looks into the feed on a telephone, and the other screens know.
  await person.call('POST', '/v1/notifications/read-all')
  await viewer.first('notification.read')
  expect(await feed()).toMatchObject({ data: [], unread: 0 })
  viewer.close()

  fleet.clock.advance(8 * hours)
  const digest = await fleet.mail.first(({ subject }) => subject.startsWith('Digest'))
  expect(digest.subject).toContain('from your quiet hours')
  expect(digest.text).toMatch(/Not over yet:[\s\S]*The blog answers 500[\s\S]*Resolved since:[\s\S]*The cart is slow/)
  expect(digest.text).not.toContain('The shop answers 500')
})
