import type { UserId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import { hashToken, newToken } from '../token.ts'
import type { PasswordHasher } from './password.ts'
import { countFailure, forgetFailures, forgetOldFailures, refuseWhileLocked } from './sign-in-guard.ts'

/** A session ends a fortnight after it began, used or not. */
export const sessionMs = 14 * 24 * 60 * 60_000

export interface Account {
  userId: UserId
  email: string
  name: string
}

interface Deps {
  db: Database
  hasher: PasswordHasher
  now: Date
}

/** An account belongs to no org, so this runs in whichever transaction needs it. `email` is in lower case. */
export async function createAccount(
  sql: Sql,
  input: { userId: UserId; email: string; name: string; passwordHash: string; now: Date },
): Promise<void> {
  const { rowCount } = await sql.query(
    'insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5) on conflict (email) do nothing',
    [input.userId, input.email, input.name, input.passwordHash, input.now],
  )
  // Without a mail to the address there is no way to keep this to its owner; the rate limit makes asking slow.
  if (rowCount === 0) throw new Refusal('conflict', 'There is an account with this e-mail address already.')
}

/** The token of a new session. Wrong password and unknown address answer the same, after the same time. */
export async function signIn(deps: Deps, input: { email: string; password: string }): Promise<string> {
  const { db, hasher, now } = deps
  const account = await db.transaction('installation', async (sql) => {
    await refuseWhileLocked(sql, input.email, now)
    return findAccount(sql, input.email)
  })
  const right = await hasher.verify(input.password, account?.passwordHash ?? null)
  if (!account || !right) {
    await db.transaction('installation', (sql) => countFailure(sql, input.email, now))
    throw new Refusal('unauthenticated', 'The e-mail address or the password is wrong.')
  }
  return db.transaction('installation', async (sql) => {
    await refuseWhileLocked(sql, input.email, now)
    await forgetFailures(sql, input.email)
    return startSession(sql, account.userId, now)
  })
}

/** Every other session of the account ends. `write` opens the transaction in which that is told as well. */
export async function changePassword(
  deps: Deps & { write(work: (sql: Sql) => Promise<void>): Promise<void> },
  input: { account: Account; current: string; next: string; sessionToken: string },
): Promise<void> {
  const { db, hasher, now } = deps
  const { userId, email } = input.account
  const stored = await db.transaction('installation', async (sql) => {
    await refuseWhileLocked(sql, email, now)
    return findAccount(sql, email)
  })
  if (!(await hasher.verify(input.current, stored?.passwordHash ?? null))) {
    await db.transaction('installation', (sql) => countFailure(sql, email, now))
    const message = 'This is not the current password.'
    throw new Refusal('invalid', message, { issues: [{ path: 'current', message }] })
  }
  const passwordHash = await hasher.hash(input.next)
  await deps.write(async (sql) => {
    await refuseWhileLocked(sql, email, now)
    await forgetFailures(sql, email)
    await sql.query('update account set password_hash = $2 where id = $1', [userId, passwordHash])
    await sql.query('delete from session where account_id = $1 and token_hash <> $2', [userId, hashToken(input.sessionToken)])
  })
}

export async function startSession(sql: Sql, userId: UserId, now: Date): Promise<string> {
  const token = newToken()
  await sql.query('insert into session (token_hash, account_id, created_at, expires_at) values ($1, $2, $3, $4)', [
    hashToken(token),
    userId,
    now,
    new Date(now.getTime() + sessionMs),
  ])
  return token
}

export async function endSession(db: Database, token: string): Promise<void> {
  await db.transaction('installation', (sql) => sql.query('delete from session where token_hash = $1', [hashToken(token)]))
}

export async function accountOfSession(sql: Sql, token: string, now: Date): Promise<Account | null> {
  const { rows } = await sql.query<Account>(
    `select a.id as "userId", a.email, a.name from session s join account a on a.id = s.account_id
     where s.token_hash = $1 and s.expires_at > $2`,
    [hashToken(token), now],
  )
  return rows[0] ?? null
}

export async function accountOf(sql: Sql, userId: UserId): Promise<Account> {
  const { rows } = await sql.query<Account>('select id as "userId", email, name from account where id = $1', [userId])
  const account = rows[0]
  if (!account) throw new Refusal('not_found', 'No such account.')
  return account
}

export async function findAccount(sql: Sql, email: string): Promise<(Account & { passwordHash: string }) | null> {
  const { rows } = await sql.query<Account & { passwordHash: string }>(
    'select id as "userId", email, name, password_hash as "passwordHash" from account where email = $1',
    [email],
  )
  return rows[0] ?? null
}

/** Sessions that are over and failures that no longer count: how many rows were deleted, `limit` of each at most. */
export async function forgetEndedSessions(sql: Sql, now: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    'delete from session where token_hash in (select token_hash from session where expires_at <= $1 limit $2)',
    [now, limit],
  )
  return rowCount + (await forgetOldFailures(sql, now, limit))
}
