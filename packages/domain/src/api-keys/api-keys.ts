import { randomBytes } from 'node:crypto'
import type { ApiKey, Scope } from '@tocsin/contract/api/orgs'
import { apiKeyCreated, apiKeyRevoked } from '@tocsin/contract/events/members'
import { type ApiKeyId, newId, type OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { Change } from '@tocsin/journal/change'
import { hashToken } from '../token.ts'

export const apiKeyPrefix = 'tcn_'
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const randomLength = 32
/** Enough to tell one's keys apart, too little to guess the rest. */
const shownLength = apiKeyPrefix.length + 6
/** Nobody needs to know more exactly when a key was used, and a write for each request would cost more than the request. */
const usedEveryMs = 60_000
/** No key is longer, not even one that an operator has chosen; whatever is longer need not be hashed. */
const keyLengthMax = 256

/** The key itself is in no table and is not shown again. */
export async function createApiKey(
  change: Change,
  input: { name: string; scope: Scope; expiresAt: Date | null },
): Promise<ApiKey & { key: string }> {
  if (input.expiresAt && input.expiresAt <= change.now) {
    const message = 'Must be in the future.'
    throw new Refusal('invalid', message, { issues: [{ path: 'expiresAt', message }] })
  }
  const random = Array.from(randomBytes(randomLength), (byte) => alphabet[byte & 31]).join('')
  const key = apiKeyPrefix + random
  const apiKey = await addApiKey(change, { ...input, key })
  if (!apiKey) throw new Error('Two random keys are the same.')
  return { ...apiKey, key }
}

/** Null: the key exists already. */
export async function addApiKey(
  change: Change,
  input: { key: string; name: string; scope: Scope; expiresAt: Date | null },
): Promise<ApiKey | null> {
  const { tx, orgId, now } = change
  const id = newId('apiKey')
  const { rowCount } = await tx.query(
    `insert into api_key (id, org_id, name, prefix, hash, scope, created_at, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (hash) do nothing`,
    [id, orgId, input.name, input.key.slice(0, shownLength), hashToken(input.key), input.scope, now, input.expiresAt],
  )
  if (rowCount === 0) return null
  change.emit(apiKeyCreated, { apiKeyId: id, name: input.name, scope: input.scope })
  return getApiKey(tx, id)
}

/** Revoking twice is not an error: the key is as dead as it was to be. */
export async function revokeApiKey(change: Change, input: { apiKeyId: ApiKeyId }): Promise<void> {
  const apiKey = await getApiKey(change.tx, input.apiKeyId)
  const { rowCount } = await change.tx.query('update api_key set revoked_at = $2 where id = $1 and revoked_at is null', [
    apiKey.id,
    change.now,
  ])
  if (rowCount > 0) change.emit(apiKeyRevoked, { apiKeyId: apiKey.id })
}

/** Whose key it is, noting that it was used. Null: no such key, or it is revoked or expired. */
export async function useApiKey(
  db: Database,
  key: string,
  now: Date,
): Promise<{ apiKeyId: ApiKeyId; orgId: OrgId; scope: Scope } | null> {
  if (!key.startsWith(apiKeyPrefix) || key.length > keyLengthMax) return null
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<KeyInUse>(
      `select id as "apiKeyId", org_id as "orgId", scope, last_used_at as "lastUsedAt", expires_at as "expiresAt",
       revoked_at as "revokedAt"
     from api_key_by_hash($1)`,
      [hashToken(key)],
    ),
  )
  const found = rows[0]
  if (!found || found.revokedAt || (found.expiresAt && found.expiresAt <= now)) return null
  const before = new Date(now.getTime() - usedEveryMs)
  if (!found.lastUsedAt || found.lastUsedAt <= before)
    await db.transaction({ orgId: found.orgId }, (sql) =>
      sql.query('update api_key set last_used_at = $2 where id = $1 and (last_used_at is null or last_used_at <= $3)', [
        found.apiKeyId,
        now,
        before,
      ]),
    )
  return { apiKeyId: found.apiKeyId, orgId: found.orgId, scope: found.scope }
}

interface KeyInUse {
  apiKeyId: ApiKeyId
  orgId: OrgId
  scope: Scope
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}

export async function listApiKeys(sql: Sql): Promise<ApiKey[]> {
  const { rows } = await sql.query<ApiKeyRow>(`${selectApiKey} order by created_at desc, id desc`)
  return rows.map(view)
}

async function getApiKey(sql: Sql, apiKeyId: ApiKeyId): Promise<ApiKey> {
  const { rows } = await sql.query<ApiKeyRow>(`${selectApiKey} where id = $1`, [apiKeyId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such API key.')
  return view(row)
}

interface ApiKeyRow {
  id: ApiKeyId
  name: string
  prefix: string
  scope: Scope
  createdAt: Date
  lastUsedAt: Date | null
  expiresAt: Date | null
  revokedAt: Date | null
}

const selectApiKey = `select id, name, prefix, scope, created_at as "createdAt", last_used_at as "lastUsedAt",
  expires_at as "expiresAt", revoked_at as "revokedAt" from api_key`

const view = (row: ApiKeyRow): ApiKey => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt?.toISOString() ?? null,
  revokedAt: row.revokedAt?.toISOString() ?? null,
})
