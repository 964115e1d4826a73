import type { Invitation, Role } from '@tocsin/contract/api/orgs'
import { type InvitationId, newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { hashToken, newToken } from '../token.ts'
import { addMember } from './members.ts'

const invitationMs = 7 * 24 * 60 * 60_000

/** The token is in no table and is not shown again. */
export async function createInvitation(
  change: Change,
  input: { role: Exclude<Role, 'owner'> },
): Promise<Invitation & { token: string }> {
  const { tx, orgId, now } = change
  const token = newToken()
  const id = newId('invitation')
  const expiresAt = new Date(now.getTime() + invitationMs)
  await tx.query(
    'insert into invitation (id, org_id, token_hash, role, created_at, expires_at) values ($1, $2, $3, $4, $5, $6)',
    [id, orgId, hashToken(token), input.role, now, expiresAt],
  )
  return { id, role: input.role, createdAt: now.toISOString(), expiresAt: expiresAt.toISOString(), token }
}

/** Which org a token invites to, so that its door can open a change there. */
export async function orgOfInvitation(db: Database, token: string): Promise<OrgId> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from invitation_by_hash($1)', [hashToken(token)]),
  )
  const row = rows[0]
  if (!row) throw noInvitation()
  return row.orgId
}

/** An invitation is good once. Who is a member already stays as they are. */
export async function acceptInvitation(change: Change, input: { token: string; userId: UserId }): Promise<void> {
  const { tx, now } = change
  const { rows } = await tx.query<{ id: InvitationId; role: Role }>(
    'select id, role from invitation where token_hash = $1 and accepted_at is null and expires_at > $2 for update',
    [hashToken(input.token), now],
  )
  const invitation = rows[0]
  if (!invitation) throw noInvitation()
  await tx.query('update invitation set accepted_at = $2 where id = $1', [invitation.id, now])
  await addMember(change, { userId: input.userId, role: invitation.role })
}

const noInvitation = () => new Refusal('not_found', 'This invitation does not exist, has been used or is too old.')
