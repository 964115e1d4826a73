import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { documentedEndpoints, endpoints } from '@tocsin/contract/api/catalog'
import { exampleOf } from '@tocsin/contract/example'
import { newId, type OrgId } from '@tocsin/contract/ids'
import { startTestApi, type TestApi, type TestRequest } from '@tocsin/testkit/api'
import { dumpOrg } from '@tocsin/testkit/dump'
import { requestOf, withQuery } from '@tocsin/testkit/endpoint-request'

let api: TestApi
let victim: OrgId
/** One id of everything the victim has, by the name that paths and queries give it. */
let theirs: Record<string, string>
let attackers: { name: string; request: TestRequest }[]

beforeAll(async () => {
  api = await startTestApi()
  victim = await api.world.newOrg()
  theirs = await furnish(victim)
  attackers = await foreignCredentials()
})
afterAll(() => api.stop())

/** One row in every table that a path can name. */
async function furnish(orgId: OrgId): Promise<Record<string, string>> {
  const key = await api.apiKey(orgId, 'admin')
  const made = async (path: string, json?: unknown) => {
    const answer = await api.call('POST', path, { key, json })
    expect([path, answer.status < 300]).toEqual([path, true])
    return String(answer.body['id'])
  }
  const siteId = await made('/v1/sites', { url: 'https://shop.example/' })
  const sourceId = await made(`/v1/sites/${siteId}/sources`, { kind: 'rdap', config: {} })
  const webhookId = await made('/v1/webhooks', { url: 'https://hook.example/' })
  const userId = newId('user')
  const threatId = newId('threat')
  const executionId = newId('execution')
  const scanId = await made(`/v1/sites/${siteId}/scans`)
  await api.world.db.transaction({ orgId }, async (sql) => {
    const now = api.world.clock.now()
    await sql.query('insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)', [
      userId,
      'victim@example.com',
      'Victim',
      '',
      now,
    ])
    await sql.query(`insert into member (org_id, account_id, role, joined_at) values ($1, $2, 'owner', $3)`, [orgId, userId, now])
    await sql.query(
      `insert into execution (id, org_id, scan_id, site_id, agent, status, started_at) values ($1, $2, $3, $4, 'crawler', 'running', $5)`,
      [executionId, orgId, scanId, siteId, now],
    )
    await sql.query(
      `insert into threat (id, org_id, site_id, rule, type, severity, subject, dedupe_key, title, description, impact, action, state,
         evidence, look, first_seen_at, last_seen_at)
       values ($1, $2, $3, 'http.5xx', 'technical_error', 'high', '/', 'k', 't', 'd', 'i', 'a', 'active', '{}', '{}', $4, $4)`,
      [threatId, orgId, siteId, now],
    )
  })
  const alertRuleId = newId('alertRule')
  const alertId = newId('alert')
  const notificationId = newId('notification')
  await api.world.db.transaction({ orgId }, async (sql) => {
    const now = api.world.clock.now()
    await sql.query(
      `insert into alert_rule (id, org_id, name, description, kind, config, created_at) values ($1, $2, 'r', '', 'threshold', '{}', $3)`,
      [alertRuleId, orgId, now],
    )
    await sql.query(
      `insert into alert (id, org_id, rule_name, fingerprint, subject, labels, source, title, facts, severity, state, group_key,
         triggered_at, updated_at)
       values ($1, $2, 'r', 'f', 's', '{}', 'threat.detected', 't', '{}', 'high', 'triggered', 'g', $3, $3)`,
      [alertId, orgId, now],
    )
    await sql.query(
      `insert into notification (id, org_id, user_id, alert_id, kind, severity, title, path, told_at)
       values ($1, $2, $3, $4, 'triggered', 'high', 't', '/', $5)`,
      [notificationId, orgId, userId, alertId, now],
    )
  })
  const incident = await api.call('POST', '/v1/incidents', { key, json: { title: 'Down', body: 'We look.' } })
  const pages = await api.call('GET', '/v1/status-pages', { key })
  const keys = await api.call('GET', '/v1/api-keys', { key })
  await made(`/v1/orgs/${orgId}/invitations`, { role: 'viewer' })
  return {
    orgId,
    siteId,
    scanId,
    executionId,
    threatId,
    webhookId,
    sourceId,
    userId,
    keywordId: await made(`/v1/sites/${siteId}/keywords`, { phrase: 'shoes', country: 'US' }),
    competitorId: await made(`/v1/sites/${siteId}/competitors`, { domain: 'rival.example' }),
    destinationId: await made('/v1/destinations', { kind: 'email', address: 'ops@example.com' }),
    notificationId,
    alertRuleId,
    alertId,
    componentId: await made('/v1/components', { name: 'Shop' }),
    componentGroupId: await made('/v1/component-groups', { name: 'All' }),
    incidentId: String(incident.body['id']),
    incidentUpdateId: (incident.body['updates'] as { id: string }[])[0]?.id ?? '',
    maintenanceId: await made('/v1/maintenances', {
      title: 'Disks',
      startsAt: '2099-03-01T10:00:00.000Z',
      endsAt: '2099-03-01T12:00:00.000Z',
    }),
    statusPageId: (pages.body['data'] as { id: string }[])[0]?.id ?? '',
    subscriberId: await made('/v1/subscribers', { address: 'reader@example.com' }),
    deliveryId: await made(`/v1/webhooks/${webhookId}/test`),
    apiKeyId: (keys.body['data'] as { id: string }[])[0]?.id ?? '',
  }
}

/** Everything that is good somewhere else, at its strongest; and what is good nowhere. */
async function foreignCredentials() {
  const elsewhere = await api.world.newOrg()
  const signed = await api.call('POST', '/v1/auth/sign-up', {
    json: { email: 'attacker@example.com', password: 'correct horse', name: 'Mallory' },
  })
  const cookie = signed.headers.get('set-cookie')?.split(';')[0] ?? ''
  const headers = { cookie, 'x-csrf-token': String(signed.body['csrfToken']) }
  return [
    { name: 'a key of another org', request: { key: await api.apiKey(elsewhere, 'admin') } },
    {
      name: 'a key of another org that names this one',
      request: { key: await api.apiKey(elsewhere, 'admin'), headers: { 'tocsin-org': victim } },
    },
    { name: 'an owner of another org', request: { headers } },
    { name: 'an owner of another org who names this one', request: { headers: { ...headers, 'tocsin-org': victim } } },
    { name: 'nobody', request: {} },
  ]
}

test('the document of the API names every endpoint', async () => {
  const { body } = await api.call('GET', '/v1/openapi.json')
  const paths = Object.entries(body['paths'] as Record<string, Record<string, { operationId: string }>>)
  const documented = paths.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => `${method} ${path} ${operation.operationId}`),
  )
  expect(documented.sort()).toEqual(
    documentedEndpoints.map((endpoint) => `${endpoint.method} ${endpoint.path} ${endpoint.id}`).sort(),
  )
})

/** A template is ours, and the same for every org: whoever asks for it sees their own words in it. */
const namesSomethingOfAnOrg = (path: string): boolean => path.replace('{templateId}', '').includes('{')

describe.each(endpoints.filter((endpoint) => endpoint.needs !== 'nothing' && endpoint.id !== 'signOut'))('$id', (endpoint) => {
  test('tells foreign credentials nothing and does nothing for them', async () => {
    const before = await dumpOrg(api.world.db, victim)
    for (const { name, request } of attackers) {
      const { method, path, query, json } = requestOf(endpoint, theirs)
      const answer = await api.call(method, withQuery(path, query), { ...request, ...(json === undefined ? {} : { json }) })
      const named = { name, status: answer.status }
      if (name === 'nobody') expect(named).toEqual({ name, status: 401 })
      // Before anything is looked for: a key is no person.
      else if (endpoint.needs === 'member' && name === 'a key of another org') expect(named).toEqual({ name, status: 403 })
      else if (namesSomethingOfAnOrg(endpoint.path)) expect(named).toEqual({ name, status: 404 })
      // The org that is named is not theirs, or the key is not a person's.
      else if (name.includes('name') && endpoint.needs !== 'person') expect(named).toEqual({ name, status: 404 })
      for (const id of Object.values(theirs)) expect(JSON.stringify(answer.body['data'] ?? null)).not.toContain(id)
    }
    expect(await dumpOrg(api.world.db, victim)).toBe(before)
  })

  test('does not tell a foreign id from one that does not exist', async () => {
    const attacker = attackers.find(({ name }) => endpoint.needs !== 'member' || name === 'an owner of another org')
    if (!attacker || !namesSomethingOfAnOrg(endpoint.path)) return
    const invented = { ...theirs, ...(exampleOf(endpoint.params, 'input') as Record<string, string>) }
    const answers = []
    for (const ids of [theirs, invented]) {
      const { method, path, query, json } = requestOf(endpoint, ids)
      const answer = await api.call(method, withQuery(path, query), {
        ...attacker.request,
        ...(json === undefined ? {} : { json }),
      })
      answers.push({ status: answer.status, ...answer.body, requestId: null })
    }
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.status).toBe(404)
  })
})
