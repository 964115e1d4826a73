import { system } from '@tocsin/contract/actor'
import { newId, type OrgId, type UserId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { Change, Journal } from '@tocsin/journal/change'
import { addApiKey } from '../api-keys/api-keys.ts'
import { createOrg } from '../orgs/orgs.ts'
import { createAccount, findAccount } from './accounts.ts'
import { createPasswordHasher } from './password.ts'

export interface BootstrapInput {
  /** In lower case. */
  email: string
  password: string
  apiKey?: string | undefined
  orgName: string
}

const by = system('bootstrap')

/**
 * Makes the first admin, their org and its API key, as far as they are missing: run at every start. An account that exists keeps the
 * password it has; a key that was revoked stays revoked.
 */
export async function bootstrap(
  deps: { db: Database; journal: Journal },
  input: BootstrapInput,
): Promise<{ userId: UserId; orgId: OrgId }> {
  const known = await deps.db.transaction('installation', (sql) => findAccount(sql, input.email))
  const passwordHash = known ? null : await createPasswordHasher().hash(input.password)
  const admin = await deps.journal.change(newId('org'), by, (change) => ensureAdmin(change, input, passwordHash))
  const { apiKey } = input
  if (apiKey !== undefined)
    await deps.journal.change(admin.orgId, by, (change) =>
      addApiKey(change, { key: apiKey, name: 'First key', scope: 'admin', expiresAt: null }),
    )
  return admin
}

async function ensureAdmin(change: Change, input: BootstrapInput, passwordHash: string | null) {
  // Services that start at the same moment come one after the other, so that there is one first org and not two.
  await change.tx.query(`select pg_advisory_xact_lock(hashtext('tocsin.bootstrap'))`)
  const userId = await ensureAccount(change, input, passwordHash)
  const orgId = await firstOrgOf(change.tx, userId)
  if (orgId) return { userId, orgId }
  await createOrg(change, { name: input.orgName, ownerId: userId })
  return { userId, orgId: change.orgId }
}

async function ensureAccount(change: Change, input: BootstrapInput, passwordHash: string | null): Promise<UserId> {
  const known = await findAccount(change.tx, input.email)
  if (known) return known.userId
  if (passwordHash === null) throw new Error('The first account was deleted while it was looked at.')
  const userId = newId('user')
  await createAccount(change.tx, { userId, email: input.email, name: 'Admin', passwordHash, now: change.now })
  return userId
}

async function firstOrgOf(sql: Sql, userId: UserId): Promise<OrgId | null> {
  const { rows } = await sql.query<{ orgId: OrgId }>('select org_id as "orgId" from memberships_of($1) limit 1', [userId])
  return rows[0]?.orgId ?? null
}
