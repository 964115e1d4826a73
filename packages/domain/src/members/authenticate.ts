import type { Actor } from '@tocsin/contract/actor'
import type { Org, Role } from '@tocsin/contract/api/orgs'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import { type Account, accountOfSession } from '../accounts/accounts.ts'
import { useApiKey } from '../api-keys/api-keys.ts'
import { type OrgRow, orgView } from '../orgs/orgs.ts'
import { type Scope4, scopeOfRole } from './members.ts'
import { type RealtimeClaims, verifyRealtimeToken } from './realtime-token.ts'

/** The name of the session cookie. */
export const sessionCookie = 'tocsin_session'

/** Somebody or something that acts in one org. */
export interface Principal {
  orgId: OrgId
  actor: Actor
  scope: Scope4
  /** Of a realtime token that is limited to some events: their patterns. */
  events?: readonly string[] | undefined
}

/** Somebody who is signed in: perhaps a member of several orgs, perhaps of none. */
export interface Person extends Account {
  memberships: Membership[]
}

export interface Membership {
  orgId: OrgId
  role: Role
  org: Org
}

/** Null: no such key, or it is revoked or expired. */
export async function principalOfApiKey(db: Database, key: string, now: Date): Promise<Principal | null> {
  const used = await useApiKey(db, key, now)
  return used && { orgId: used.orgId, actor: { kind: 'api_key', id: used.apiKeyId }, scope: used.scope }
}

/** Null: no such session, or it is over. Memberships come oldest first. */
export async function personOfSession(db: Database, token: string, now: Date): Promise<Person | null> {
  return db.transaction('installation', async (sql) => {
    const account = await accountOfSession(sql, token, now)
    if (!account) return null
    const { rows } = await sql.query<OrgRow & { role: Role }>(
      `select org_id as id, role, name, daily_alert_limit as "dailyAlertLimit",
         daily_critical_reserve as "dailyCriticalReserve", uptime_threshold_percent as "uptimeThresholdPercent", daily_hour as "dailyHour",
         webhook_retries as "webhookRetries", created_at as "createdAt", version
       from memberships_of($1)`,
      [account.userId],
    )
    return { ...account, memberships: rows.map((row) => ({ orgId: row.id, role: row.role, org: orgView(row) })) }
  })
}

/** For reading events without a stream. Null: not ours, expired, or whoever it was made for has lost their access since. */
export async function principalOfRealtimeToken(
  db: Database,
  key: Uint8Array,
  token: string,
  now: Date,
): Promise<Principal | null> {
  const claims = await verifyRealtimeToken(key, token, now)
  if (!claims || !(await stillBelongs(db, claims, now))) return null
  return { orgId: claims.orgId, actor: claims.actor, scope: 'read', events: claims.events }
}

async function stillBelongs(db: Database, { orgId, actor }: RealtimeClaims, now: Date): Promise<boolean> {
  if (actor.kind === 'system') return false
  const { rows } = await db.transaction({ orgId }, (sql) =>
    actor.kind === 'user'
      ? sql.query('select 1 from member where account_id = $1', [actor.id])
      : sql.query('select 1 from api_key where id = $1 and revoked_at is null and (expires_at is null or expires_at > $2)', [
          actor.id,
          now,
        ]),
  )
  return rows.length > 0
}

/** `orgId` null: the first org the person joined. Null: not a member. */
export function principalOfPerson(person: Person, orgId: OrgId | null): Principal | null {
  const membership = orgId ? person.memberships.find((candidate) => candidate.orgId === orgId) : person.memberships[0]
  if (!membership) return null
  return { orgId: membership.orgId, actor: { kind: 'user', id: person.userId }, scope: scopeOfRole[membership.role] }
}
