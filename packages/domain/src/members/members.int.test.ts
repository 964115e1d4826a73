import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ApiKey, Member, Org } from '@tocsin/contract/api/orgs'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import { newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { createAccount } from '../accounts/accounts.ts'
import { createApiKey, listApiKeys, revokeApiKey } from '../api-keys/api-keys.ts'
import { getOrg, updateOrg } from '../orgs/orgs.ts'
import { acceptInvitation, createInvitation } from './invitations.ts'
import { addMember, changeMemberRole, listMembers, removeMember } from './members.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

/** What a screen shows of an org's people. */
interface Snapshot {
  org: Org
  members: Member[]
  liveKeys: string[]
}

const snapshot = (orgId: OrgId): Promise<Snapshot> =>
  world.journal.read(orgId, async (sql) => ({
    org: await getOrg(sql, orgId),
    members: await listMembers(sql),
    liveKeys: (await listApiKeys(sql)).filter((key: ApiKey) => key.revokedAt === null).map((key) => key.id),
  }))

function apply(before: Snapshot, event: OrgEvent): Snapshot {
  const { members, liveKeys } = before
  if (event.type === 'org.updated') return { ...before, org: event.data.org }
  if (event.type === 'member.joined') return { ...before, members: [...members, event.data.member] }
  if (event.type === 'member.removed')
    return { ...before, members: members.filter((member) => member.userId !== event.data.userId) }
  if (event.type === 'member.role_changed') {
    const { userId, newRole } = event.data
    return { ...before, members: members.map((member) => (member.userId === userId ? { ...member, role: newRole } : member)) }
  }
  if (event.type === 'api_key.created') return { ...before, liveKeys: [event.data.apiKeyId, ...liveKeys] }
  if (event.type === 'api_key.revoked') return { ...before, liveKeys: liveKeys.filter((id) => id !== event.data.apiKeyId) }
  return before
}

async function newAccount(): Promise<UserId> {
  const userId = newId('user')
  const account = { userId, email: `${userId}@example.com`, name: 'Ada', passwordHash: '', now: world.clock.now() }
  await world.db.transaction('installation', (sql) => createAccount(sql, account))
  return userId
}

test('whatever is done to the people of an org: the old snapshot and its events are the new snapshot', async () => {
  const orgId = await world.newOrg()
  const [owner, guest] = [await newAccount(), await newAccount()]
  await world.change(orgId, (change) => addMember(change, { userId: owner, role: 'owner' }))
  const callerScope = 'owner' as const
  const [token, apiKeyId] = await world.change(
    orgId,
    async (change) =>
      [
        (await createInvitation(change, { role: 'viewer' })).token,
        (await createApiKey(change, { name: 'Old', scope: 'read', expiresAt: null })).id,
      ] as const,
  )
  const verbs: ((change: Change) => Promise<unknown>)[] = [
    (change) => updateOrg(change, { changes: { name: 'Another', dailyAlertLimit: 9 }, ifVersion: 1 }),
    (change) => acceptInvitation(change, { token, userId: guest }),
    (change) => addMember(change, { userId: guest, role: 'owner' }),
    (change) => changeMemberRole(change, { userId: guest, role: 'owner', callerScope }),
    (change) => changeMemberRole(change, { userId: owner, role: 'editor', callerScope }),
    (change) => removeMember(change, { userId: owner, callerScope }),
    (change) => createApiKey(change, { name: 'CI', scope: 'write', expiresAt: null }),
    (change) => revokeApiKey(change, { apiKeyId }),
    (change) => revokeApiKey(change, { apiKeyId }),
  ]
  for (const verb of verbs) {
    world.clock.advance(1_000)
    const before = await snapshot(orgId)
    const events = await world.eventsDuring(orgId, () => world.change(orgId, verb))
    expect(events.reduce(apply, before)).toEqual(await snapshot(orgId))
  }
  expect((await snapshot(orgId)).members).toMatchObject([{ userId: guest, role: 'owner' }])
})

test('an invitation is good for seven days', async () => {
  const orgId = await world.newOrg()
  const { token } = await world.change(orgId, (change) => createInvitation(change, { role: 'admin' }))
  const userId = await newAccount()
  world.clock.advance(7 * 24 * 3600_000)
  await expect(world.change(orgId, (change) => acceptInvitation(change, { token, userId }))).rejects.toMatchObject({
    code: 'not_found',
  })
})
