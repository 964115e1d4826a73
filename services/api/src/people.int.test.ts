import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type AlertId, type AlertRuleId, newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import { addMember, removeMember } from '@tocsin/domain/members/members'
import { addNotifications, type NewNotification } from '@tocsin/domain/people/notifications'
import { startTestApi, type TestApi, type TestRequest } from '@tocsin/testkit/api'

let api: TestApi
let orgId: OrgId
let owner: { userId: UserId; request: TestRequest }
let viewer: { userId: UserId; request: TestRequest }

beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())
beforeEach(async () => {
  const founder = await signUp('Ada')
  orgId = founder.orgId
  owner = founder
  const joined = await signUp('Bob')
  await api.world.change(orgId, (change) => addMember(change, { userId: joined.userId, role: 'viewer' }))
  viewer = { userId: joined.userId, request: { headers: { ...joined.request.headers, 'tocsin-org': orgId } } }
})

let people = 0
async function signUp(name: string) {
  people += 1
  const { headers, body } = await api.call('POST', '/v1/auth/sign-up', {
    json: { email: `person${people}@example.com`, password: 'correct horse', name },
  })
  const session = body as { user: { id: UserId }; orgs: [{ id: OrgId }]; csrfToken: string }
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    userId: session.user.id,
    orgId: session.orgs[0].id,
    request: { headers: { cookie, 'x-csrf-token': session.csrfToken } },
  }
}

async function addRule(name: string): Promise<AlertRuleId> {
  const id = newId('alertRule')
  await api.world.db.transaction({ orgId }, (sql) =>
    sql.query(
      `insert into alert_rule (id, org_id, name, description, kind, config, created_at) values ($1, $2, $3, '', 'threshold', '{}', $4)`,
      [id, orgId, name, api.world.clock.now()],
    ),
  )
  return id
}

describe('preferences', () => {
  const get = async (path: string, who = viewer) => (await api.call('GET', path, who.request)).body
  const put = (path: string, json: unknown, who = viewer) => api.call('PUT', path, { ...who.request, json })

  test('each level wins over the next, field by field, and it is told which one it was', async () => {
    const alertRuleId = await addRule('Outages')
    const ofRule = `/v1/preferences/rules/${alertRuleId}`
    const byDefault = { value: 'high', from: 'default' }
    expect(await get('/v1/preferences')).toMatchObject({ settings: {}, effective: { minimumSeverity: byDefault }, rules: [] })
    await put(`/v1/orgs/${orgId}/preferences`, { minimumSeverity: 'critical', cadence: 'hourly' }, owner)
    expect(await get('/v1/preferences')).toMatchObject({
      settings: {},
      effective: { minimumSeverity: { value: 'critical', from: 'org' }, cadence: { value: 'hourly', from: 'org' } },
    })
    await put('/v1/preferences', { minimumSeverity: 'medium', email: false })
    await put(ofRule, { minimumSeverity: 'low' })
    expect(await get(ofRule)).toMatchObject({
      settings: { minimumSeverity: 'low' },
      effective: {
        minimumSeverity: { value: 'low', from: 'rule' },
        email: { value: false, from: 'user' },
        cadence: { value: 'hourly', from: 'org' },
        inApp: { value: true, from: 'default' },
      },
    })
    expect(await get('/v1/preferences')).toMatchObject({
      effective: { minimumSeverity: { value: 'medium', from: 'user' } },
      rules: [{ alertRuleId, name: 'Outages', settings: { minimumSeverity: 'low' } }],
    })
    // What one person says is theirs alone.
    expect(await get('/v1/preferences', owner)).toMatchObject({ settings: {}, effective: { email: { from: 'default' } } })
    await put(ofRule, {})
    await put('/v1/preferences', {})
    expect(await get(ofRule)).toMatchObject({ settings: {}, effective: { minimumSeverity: { value: 'critical', from: 'org' } } })
  })

  test('security mail is on, and cannot be turned off', async () => {
    expect(await get('/v1/preferences')).toMatchObject({ security: { email: true, readOnly: true } })
    expect((await put('/v1/preferences', { security: { email: false } })).status).toBe(422)
  })

  test('what is said twice is told once', async () => {
    const events = await api.world.eventsDuring(orgId, async () => {
      for (let time = 0; time < 2; time += 1) await put('/v1/preferences', { email: false })
      for (let time = 0; time < 2; time += 1) await put('/v1/preferences', {})
      for (let time = 0; time < 2; time += 1) await put('/v1/preferences/schedule', { zone: 'Asia/Gaza' })
    })
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['preference.changed', { userId: viewer.userId, alertRuleId: null, about: 'settings' }],
      ['preference.changed', { userId: viewer.userId, alertRuleId: null, about: 'settings' }],
      ['preference.changed', { userId: viewer.userId, alertRuleId: null, about: 'schedule' }],
    ])
  })

  test('a schedule', async () => {
    const byDefault = { zone: 'UTC', windows: [], criticalOverrides: true, dailyDigestAt: '08:00' }
    expect(await get('/v1/preferences/schedule')).toEqual(byDefault)
    const schedule = {
      zone: 'America/Nuuk',
      windows: [{ days: ['sat', 'sun'], from: '22:00', to: '10:30' }],
      criticalOverrides: false,
      dailyDigestAt: '09:15',
    }
    expect((await put('/v1/preferences/schedule', schedule)).body).toEqual(schedule)
    expect((await get('/v1/preferences'))['schedule']).toEqual(schedule)
    expect(await get('/v1/preferences/schedule', owner)).toEqual(byDefault)
    for (const wrong of [{ zone: 'Mars/Olympus' }, { zone: '+02:00' }, { ...schedule, dailyDigestAt: '25:00' }])
      expect((await put('/v1/preferences/schedule', wrong)).status).toBe(422)
  })

  test('members speak for themselves, admins for the org, and keys for nobody', async () => {
    const key = await api.apiKey(orgId, 'admin')
    for (const path of ['/v1/preferences', '/v1/preferences/schedule', '/v1/notifications']) {
      const refused = await api.call('GET', path, { key })
      expect([refused.status, refused.body['detail']]).toEqual([403, expect.stringContaining('an API key is none')])
    }
    expect((await put(`/v1/orgs/${orgId}/preferences`, { email: false })).status).toBe(403)
    expect((await api.call('PUT', `/v1/orgs/${orgId}/preferences`, { key, json: { email: false } })).status).toBe(200)
    expect((await put(`/v1/preferences/rules/${newId('alertRule')}`, { email: false })).status).toBe(404)
  })
})

describe('the feed', () => {
  const path = '/alerts/1'
  const add = (rows: readonly Omit<NewNotification, 'path' | 'site' | 'severity' | 'title'>[]) =>
    api.world.change(orgId, (change) =>
      addNotifications(
        change,
        rows.map((row) => ({ severity: 'high', title: 'Shop is down', site: 'Shop', path, ...row })),
      ),
    )
  const feed = async (query = '', who = viewer) => {
    const { body } = await api.call('GET', `/v1/notifications${query}`, who.request)
    return body as {
      data: { id: string; alertId: AlertId; kind: string; readAt: string | null }[]
      unread: number
      nextCursor: string | null
    }
  }
  async function addAlerts(count: number): Promise<AlertId[]> {
    const ids = Array.from({ length: count }, () => newId('alert'))
    await api.world.db.transaction({ orgId }, (sql) =>
      sql.query(
        `insert into alert (id, org_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
           triggered_at, updated_at)
         select id, $2, 'r', id, 's', '{}', 'monitor.down', 't', '{}', 'high', 'triggered', 'g', $3, $3 from unnest($1::text[]) as a (id)`,
        [ids, orgId, api.world.clock.now()],
      ),
    )
    return ids
  }

  test('is one person’s: others neither see it nor hear what is in it', async () => {
    const [alertId] = await addAlerts(1)
    if (!alertId) throw new Error('No alert.')
    const events = await api.world.eventsDuring(orgId, () => add([{ userId: viewer.userId, alertId, kind: 'triggered' }]))
    const [row] = (await feed()).data
    expect(row).toEqual({
      id: expect.stringMatching(/^ntf_/),
      alertId,
      kind: 'triggered',
      severity: 'high',
      title: 'Shop is down',
      site: 'Shop',
      path,
      toldAt: api.world.clock.now().toISOString(),
      readAt: null,
    })
    expect(events.map(({ type, data }) => [type, data])).toEqual([
      ['notification.created', { userId: viewer.userId, notificationIds: [row?.id], unread: 1 }],
    ])
    expect(await feed('', owner)).toMatchObject({ data: [], unread: 0 })
    expect((await api.call('POST', `/v1/notifications/${row?.id}/read`, owner.request)).status).toBe(404)
    expect((await feed()).unread).toBe(1)
  })

  test('is read one by one or at once, and counted', async () => {
    const alerts = await addAlerts(3)
    await add(alerts.map((alertId) => ({ userId: viewer.userId, alertId, kind: 'triggered' as const })))
    const [first] = (await feed()).data
    const one = await api.world.eventsDuring(orgId, async () => {
      for (let time = 0; time < 2; time += 1)
        expect((await api.call('POST', `/v1/notifications/${first?.id}/read`, viewer.request)).status).toBe(200)
    })
    expect(one.map(({ data }) => data)).toEqual([{ userId: viewer.userId, notificationIds: [first?.id], unread: 2 }])
    expect((await feed('?unread=true')).data).toHaveLength(2)
    expect((await feed('?unread=false')).data.map(({ id }) => id)).toEqual([first?.id])
    const all = await api.world.eventsDuring(orgId, async () => {
      for (let time = 0; time < 2; time += 1)
        expect((await api.call('POST', '/v1/notifications/read-all', viewer.request)).body).toEqual({ unread: 0 })
    })
    expect(all.map(({ type, data }) => [type, data])).toEqual([['notification.read', expect.objectContaining({ unread: 0 })]])
    expect(await feed('?unread=true')).toMatchObject({ data: [], unread: 0 })
  })

  test('has each alert once: what is told of it again comes first and is unread', async () => {
    const [first, second] = await addAlerts(2)
    if (!first || !second) throw new Error('No alerts.')
    await add([{ userId: viewer.userId, alertId: first, kind: 'triggered' }])
    api.world.clock.advance(60_000)
    await add([{ userId: viewer.userId, alertId: second, kind: 'triggered' }])
    await api.call('POST', '/v1/notifications/read-all', viewer.request)
    api.world.clock.advance(60_000)
    await add([
      { userId: viewer.userId, alertId: first, kind: 'worsened' },
      { userId: viewer.userId, alertId: first, kind: 'resolved' },
    ])
    const { data, unread } = await feed()
    expect(data.map(({ alertId, kind, readAt }) => [alertId, kind, readAt === null])).toEqual([
      [first, 'resolved', true],
      [second, 'triggered', false],
    ])
    expect(unread).toBe(1)
  })

  test('keeps the latest thousand of each, in pages', async () => {
    const alerts = await addAlerts(1_010)
    const [oldest, ...others] = alerts
    if (!oldest) throw new Error('No alerts.')
    await add(
      [oldest].flatMap((alertId) => [viewer, owner].map(({ userId }) => ({ userId, alertId, kind: 'triggered' as const }))),
    )
    api.world.clock.advance(60_000)
    const events = await api.world.eventsDuring(orgId, () =>
      add(others.map((alertId) => ({ userId: viewer.userId, alertId, kind: 'triggered' as const }))),
    )
    expect(events.map(({ data }) => data)).toEqual([expect.objectContaining({ unread: 1_000 })])
    const seen: AlertId[] = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Awaited<ReturnType<typeof feed>> = await feed(`?limit=200${cursor && `&cursor=${cursor}`}`)
      seen.push(...page.data.map(({ alertId }) => alertId))
      cursor = page.nextCursor
    }
    expect(new Set(seen).size).toBe(1_000)
    expect(seen).toHaveLength(1_000)
    expect(seen).not.toContain(oldest)
    expect((await feed('', owner)).unread).toBe(1)
  })

  test('goes with its member', async () => {
    const [alertId] = await addAlerts(1)
    if (!alertId) throw new Error('No alert.')
    await add([{ userId: viewer.userId, alertId, kind: 'triggered' }])
    await api.call('PUT', '/v1/preferences', { ...viewer.request, json: { email: false } })
    await api.world.change(orgId, (change) => removeMember(change, { userId: viewer.userId, callerScope: 'owner' }))
    await api.world.change(orgId, (change) => addMember(change, { userId: viewer.userId, role: 'viewer' }))
    expect(await feed()).toMatchObject({ data: [], unread: 0 })
    expect((await api.call('GET', '/v1/preferences', viewer.request)).body).toMatchObject({ settings: {} })
  })
})

test('whoever signs in or changes their password tells it where they joined first', async () => {
  const person = await signUp('Eve')
  const [email, password] = [`person${people}@example.com`, 'correct horse']
  const events = await api.world.eventsDuring(person.orgId, async () => {
    await api.call('POST', '/v1/auth/sign-in', { json: { email, password } })
    await api.call('POST', '/v1/auth/sign-in', { json: { email, password: 'wrong horse' } })
    await api.call('POST', '/v1/auth/password', { ...person.request, json: { current: 'wrong horse', next: 'another horse' } })
    await api.call('POST', '/v1/auth/password', { ...person.request, json: { current: password, next: 'another horse' } })
  })
  expect(events.map(({ type, data }) => [type, data])).toEqual([
    ['session.created', { userId: person.userId }],
    ['account.password_changed', { userId: person.userId }],
  ])
})
