import type { Member, Role } from '@tocsin/contract/api/orgs'
import { memberJoined, memberRemoved, memberRoleChanged } from '@tocsin/contract/events/members'
import type { UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { accountOf } from '../accounts/accounts.ts'

/** Who may do what. An API key has a scope of its own, never `owner`. Least first. */
export const scopes = ['read', 'write', 'admin', 'owner'] as const
export type Scope4 = (typeof scopes)[number]

export const scopeOfRole = { viewer: 'read', editor: 'write', admin: 'admin', owner: 'owner' } satisfies Record<Role, Scope4>

/** How a key's scope is shown where a role is asked for. */
export const roleOfScope = { read: 'viewer', write: 'editor', admin: 'admin', owner: 'owner' } satisfies Record<Scope4, Role>

export const allows = (held: Scope4, needed: Scope4): boolean => scopes.indexOf(held) >= scopes.indexOf(needed)

/** Joining twice changes nothing: the role that a member has is not for an invitation to change. */
export async function addMember(change: Change, input: { userId: UserId; role: Role }): Promise<void> {
  const { tx, orgId, now } = change
  const account = await accountOf(tx, input.userId)
  const { rowCount } = await tx.query(
    'insert into member (org_id, account_id, role, joined_at) values ($1, $2, $3, $4) on conflict do nothing',
    [orgId, input.userId, input.role, now],
  )
  if (rowCount > 0) change.emit(memberJoined, { member: { ...account, role: input.role, joinedAt: now.toISOString() } })
}

export async function changeMemberRole(
  change: Change,
  input: { userId: UserId; role: Role; callerScope: Scope4 },
): Promise<Member> {
  const member = await lockMember(change, input.userId)
  if (member.role === input.role) return member
  if ((member.role === 'owner' || input.role === 'owner') && input.callerScope !== 'owner')
    throw new Refusal('forbidden', 'Only an owner makes or unmakes owners.')
  if (member.role === 'owner') await keepLastOwner(change)
  await change.tx.query('update member set role = $3 where org_id = $1 and account_id = $2', [
    change.orgId,
    input.userId,
    input.role,
  ])
  change.emit(memberRoleChanged, { userId: input.userId, oldRole: member.role, newRole: input.role })
  return { ...member, role: input.role }
}

export async function removeMember(change: Change, input: { userId: UserId; callerScope: Scope4 }): Promise<void> {
  const member = await lockMember(change, input.userId)
  if (member.role === 'owner') {
    if (input.callerScope !== 'owner') throw new Refusal('forbidden', 'Only an owner removes owners.')
    await keepLastOwner(change)
  }
  await change.tx.query('delete from member where org_id = $1 and account_id = $2', [change.orgId, input.userId])
  change.emit(memberRemoved, { userId: input.userId })
}

/** The org's row is locked first: two owners who remove each other at the same moment come one after the other. */
async function lockMember(change: Change, userId: UserId): Promise<Member> {
  await change.tx.query('select 1 from org where id = $1 for update', [change.orgId])
  const member = (await listMembers(change.tx)).find((candidate) => candidate.userId === userId)
  if (!member) throw new Refusal('not_found', 'No such member.')
  return member
}

async function keepLastOwner(change: Change): Promise<void> {
  const { rows } = await change.tx.query<{ owners: number }>(
    `select count(*) as owners from member where org_id = $1 and role = 'owner'`,
    [change.orgId],
  )
  if ((rows[0]?.owners ?? 0) < 2) throw new Refusal('conflict', 'An org keeps at least one owner.')
}

export async function listMembers(sql: Sql): Promise<Member[]> {
  const { rows } = await sql.query<Omit<Member, 'joinedAt'> & { joinedAt: Date }>(
    `select a.id as "userId", a.name, a.email, m.role, m.joined_at as "joinedAt"
     from member m join account a on a.id = m.account_id
     order by m.joined_at, a.id`,
  )
  return rows.map((row) => ({ ...row, joinedAt: row.joinedAt.toISOString() }))
}
