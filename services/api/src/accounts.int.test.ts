import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { startTestApi, type TestApi } from '@tocsin/testkit/api'

let api: TestApi
beforeAll(async () => {
  api = await startTestApi()
})
afterAll(() => api.stop())

const password = 'correct horse battery'
let count = 0
const newEmail = () => {
  count += 1
  return `person${count}@example.com`
}

/** What a browser keeps after signing in. */
interface Signed {
  email: string
  cookie: string
  csrf: string
  orgId: string
}
const cookieOf = (headers: Headers) => headers.get('set-cookie')?.split(';')[0] ?? ''

async function signUp(email = newEmail()): Promise<Signed> {
  const answer = await api.call('POST', '/v1/auth/sign-up', { json: { email, password, name: 'Ada', orgName: 'Engines' } })
  expect(answer.status).toBe(201)
  const { csrfToken, orgs } = answer.body as { csrfToken: string; orgs: { id: string }[] }
  return { email, cookie: cookieOf(answer.headers), csrf: csrfToken, orgId: orgs[0]?.id ?? '' }
}
const signIn = (email: string, given = password) => api.call('POST', '/v1/auth/sign-in', { json: { email, password: given } })
const as = (person: Signed, more: Record<string, string> = {}) => ({
  headers: { cookie: person.cookie, 'x-csrf-token': person.csrf, ...more },
})

describe('signing up, in and out', () => {
  test('makes an account and its org; the cookie is for the server alone', async () => {
    const email = newEmail()
    const answer = await api.call('POST', '/v1/auth/sign-up', { json: { email: email.toUpperCase(), password, name: ' Ada ' } })
    expect(answer.status).toBe(201)
    expect(answer.body).toMatchObject({ user: { email, name: 'Ada' }, orgs: [{ name: 'Ada', role: 'owner' }] })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^tocsin_session=[\w-]{43}; Max-Age=1209600; Path=\/; .*HttpOnly; SameSite=Lax$/,
    )
    expect(answer.text).not.toContain(cookieOf(answer.headers).split('=')[1])
  })

  test('an address has one account', async () => {
    const { email } = await signUp()
    const again = await api.call('POST', '/v1/auth/sign-up', { json: { email, password, name: 'Eve' } })
    expect([again.status, again.body['code']]).toEqual([409, 'conflict'])
    expect(again.headers.get('set-cookie')).toBeNull()
  })

  test('a session ends when it is ended, and a fortnight after it began', async () => {
    const person = await signUp()
    expect((await api.call('GET', '/v1/auth/session', as(person))).body).toMatchObject({ user: { email: person.email } })
    expect((await api.call('POST', '/v1/auth/sign-out', as(person))).status).toBe(204)
    expect((await api.call('GET', '/v1/auth/session', as(person))).status).toBe(401)
    const later = await signIn(person.email)
    const cookie = { headers: { cookie: cookieOf(later.headers) } }
    expect((await api.call('GET', '/v1/auth/session', cookie)).status).toBe(200)
    api.world.clock.advance(14 * 24 * 3600_000)
    expect((await api.call('GET', '/v1/auth/session', cookie)).status).toBe(401)
  })

  test('a wrong password and an unknown address are told the same', async () => {
    const { email } = await signUp()
    const answers = await Promise.all([signIn(email, 'wrong password'), signIn(newEmail(), 'wrong password')])
    expect(answers.map((answer) => answer.status)).toEqual([401, 401])
    const [first, second] = answers.map((answer) => ({ ...answer.body, requestId: null }))
    expect(first).toEqual(second)
  })

  test.each(['with an account', 'without an account'])(
    'five wrong passwords lock an address %s for a quarter of an hour',
    async (which) => {
      const email = which === 'with an account' ? (await signUp()).email : newEmail()
      for (let index = 0; index < 5; index += 1) expect((await signIn(email, 'wrong password')).status).toBe(401)
      const locked = await signIn(email)
      expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '900'])
      api.world.clock.advance(15 * 60_000)
      expect((await signIn(email)).status).toBe(which === 'with an account' ? 200 : 401)
    },
  )

  test('many guesses at once are no way around the lock, and many right ones no way into it', async () => {
    const { email } = await signUp()
    const right = await Promise.all(Array.from({ length: 12 }, () => signIn(email)))
    expect(right.map((answer) => answer.status)).toEqual(Array.from({ length: 12 }, () => 200))
    const guesses = Array.from({ length: 12 }, (_, index) => (index === 11 ? password : 'wrong password'))
    const answers = await Promise.all(guesses.map((guess) => signIn(email, guess)))
    expect(answers.at(-1)?.status).toBe(429)
  })

  test('another password ends every other session; the wrong current one changes nothing', async () => {
    const here = await signUp()
    const there = await signIn(here.email)
    const wrong = await api.call('POST', '/v1/auth/password', {
      ...as(here),
      json: { current: 'not it at all', next: 'a new password' },
    })
    expect([wrong.status, wrong.body['errors']]).toEqual([422, [{ path: 'current', message: expect.any(String) }]])
    const changed = await api.call('POST', '/v1/auth/password', {
      ...as(here),
      json: { current: password, next: 'a new password' },
    })
    expect(changed.status).toBe(204)
    expect((await api.call('GET', '/v1/auth/session', as(here))).status).toBe(200)
    expect((await api.call('GET', '/v1/auth/session', { headers: { cookie: cookieOf(there.headers) } })).status).toBe(401)
    expect((await signIn(here.email)).status).toBe(401)
    expect((await signIn(here.email, 'a new password')).status).toBe(200)
  })
})

describe('requests of other sites', () => {
  test.each([
    { what: 'without the token', headers: { 'x-csrf-token': '' } },
    { what: 'with a wrong token', headers: { 'x-csrf-token': 'x'.repeat(43) } },
    { what: 'of a foreign page', headers: { origin: 'https://evil.example' } },
    { what: 'that the browser calls cross-site', headers: { 'sec-fetch-site': 'cross-site' } },
    { what: 'of a sandboxed frame', headers: { origin: 'null' } },
  ])('a change by session $what is refused', async ({ headers }) => {
    const person = await signUp()
    const answer = await api.call('POST', '/v1/orgs', { ...as(person, headers), json: { name: 'Another' } })
    expect([answer.status, answer.body['code']]).toEqual([403, 'forbidden'])
  })

  test('our own page may, and reading needs no token', async () => {
    const person = await signUp()
    const own = as(person, { origin: api.url, 'sec-fetch-site': 'same-origin' })
    expect((await api.call('POST', '/v1/orgs', { ...own, json: { name: 'Another' } })).status).toBe(201)
    expect((await api.call('GET', '/v1/orgs', { headers: { cookie: person.cookie } })).body['data']).toHaveLength(2)
  })

  test('nobody is signed in by a foreign page, and a check is not triggered by one', async () => {
    const { email, ...person } = await signUp()
    const answer = await api.call('POST', '/v1/auth/sign-in', {
      headers: { origin: 'https://evil.example' },
      json: { email, password },
    })
    expect(answer.status).toBe(403)
    const headers = { cookie: person.cookie, 'sec-fetch-site': 'cross-site' }
    expect((await api.call('GET', '/api/health-check/monitor?triggerCheck=true', { headers })).status).toBe(403)
    expect((await api.call('GET', '/api/health-check/monitor?triggerCheck=false', { headers })).status).toBe(200)
  })
})

describe('members', () => {
  async function join(owner: Signed, role: string): Promise<Signed & { userId: string }> {
    const path = `/v1/orgs/${owner.orgId}/invitations`
    const invitation = await api.call('POST', path, { ...as(owner), json: { role } })
    expect(invitation.status).toBe(201)
    expect(invitation.body['url']).toBe(`${api.url}/invitations/${String(invitation.body['token'])}`)
    const person = await signUp()
    const accepted = { ...as(person), json: { token: invitation.body['token'] } }
    expect((await api.call('POST', '/v1/invitations/accept', accepted)).body).toMatchObject({ id: owner.orgId })
    expect((await api.call('POST', '/v1/invitations/accept', accepted)).status).toBe(404)
    const session = await api.call('GET', '/v1/auth/session', as(person))
    return { ...person, userId: (session.body['user'] as { id: string }).id }
  }
  const inOrg = (person: Signed, orgId: string) => as(person, { 'tocsin-org': orgId })

  test('each role may do what it says and no more', async () => {
    const owner = await signUp()
    const statuses: Record<string, number[]> = {}
    for (const role of ['viewer', 'editor', 'admin']) {
      const member = await join(owner, role)
      const headers = inOrg(member, owner.orgId)
      const answers = [
        await api.call('GET', '/v1/sites', headers),
        await api.call('POST', '/v1/sites', { ...headers, json: { url: `https://shop.example/${role}` } }),
        await api.call('GET', '/v1/api-keys', headers),
      ]
      statuses[role] = answers.map((answer) => answer.status)
    }
    expect(statuses).toEqual({ viewer: [200, 403, 403], editor: [200, 201, 403], admin: [200, 201, 200] })
    expect(
      (await api.call('POST', `/v1/orgs/${owner.orgId}/invitations`, { ...as(owner), json: { role: 'owner' } })).status,
    ).toBe(422)
  })

  test('only owners make and unmake owners, and the last one stays', async () => {
    const owner = await signUp()
    const ownerId = String(((await api.call('GET', '/v1/auth/session', as(owner))).body['user'] as { id: string }).id)
    const admin = await join(owner, 'admin')
    const change = (by: Signed, userId: string, role: string) =>
      api.call('PATCH', `/v1/orgs/${owner.orgId}/members/${userId}`, { ...as(by), json: { role } })
    expect((await change(admin, admin.userId, 'owner')).status).toBe(403)
    expect((await change(admin, ownerId, 'viewer')).status).toBe(403)
    expect((await change(owner, ownerId, 'admin')).status).toBe(409)
    expect((await api.call('DELETE', `/v1/orgs/${owner.orgId}/members/${ownerId}`, as(owner))).status).toBe(409)
    expect((await change(owner, admin.userId, 'owner')).body).toMatchObject({ role: 'owner' })
    // Two owners who remove each other at the same moment: one stays.
    const removals = await Promise.all([
      api.call('DELETE', `/v1/orgs/${owner.orgId}/members/${admin.userId}`, as(owner)),
      api.call('DELETE', `/v1/orgs/${owner.orgId}/members/${ownerId}`, as(admin)),
    ])
    expect(removals.filter((answer) => answer.status === 204)).toHaveLength(1)
  })

  test('who is removed sees nothing any more, at once', async () => {
    const owner = await signUp()
    const viewer = await join(owner, 'viewer')
    expect((await api.call('DELETE', `/v1/orgs/${owner.orgId}/members/${viewer.userId}`, as(owner))).status).toBe(204)
    expect((await api.call('GET', '/v1/sites', inOrg(viewer, owner.orgId))).status).toBe(404)
    expect((await api.call('DELETE', `/v1/orgs/${owner.orgId}/members/${newId('user')}`, as(owner))).status).toBe(404)
  })
})
