import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { hashToken } from '../token.ts'

/** Five wrong passwords lock an address for a quarter of an hour, whether it has an account or not: the answer tells nobody which. */
const failuresMax = 5
const lockMs = 15 * 60_000

/**
 * Refuses while the address is locked. The row stays locked to the end of the transaction: of many guesses that were under way at
 * once, those that come after the fifth wrong one are refused even if they are right.
 */
export async function refuseWhileLocked(sql: Sql, email: string, now: Date): Promise<void> {
  const { rows } = await sql.query<{ failures: number; lastAt: Date }>(
    'select failures, last_at as "lastAt" from sign_in_failure where email_hash = $1 for update',
    [hashToken(email)],
  )
  const row = rows[0]
  if (!row || row.failures < failuresMax) return
  const remainingMs = row.lastAt.getTime() + lockMs - now.getTime()
  if (remainingMs <= 0) return
  throw new Refusal('limit_reached', 'Too many wrong passwords. The account is locked for a quarter of an hour.', {
    retryAfterSeconds: Math.ceil(remainingMs / 1000),
  })
}

/** Failures before a quiet quarter of an hour are forgotten. While locked nothing is counted, so that a lock ends. */
export async function countFailure(sql: Sql, email: string, now: Date): Promise<void> {
  await sql.query(
    `insert into sign_in_failure as f (email_hash, failures, last_at) values ($1, 1, $2)
     on conflict (email_hash) do update
     set failures = case when f.last_at <= $3 then 1 else f.failures + 1 end, last_at = $2
     where f.failures < $4 or f.last_at <= $3`,
    [hashToken(email), now, new Date(now.getTime() - lockMs), failuresMax],
  )
}

export async function forgetFailures(sql: Sql, email: string): Promise<void> {
  await sql.query('delete from sign_in_failure where email_hash = $1', [hashToken(email)])
}

/** How many rows were forgotten, `limit` at most. */
export async function forgetOldFailures(sql: Sql, now: Date, limit: number): Promise<number> {
  const { rowCount } = await sql.query(
    `delete from sign_in_failure where email_hash in (select email_hash from sign_in_failure where last_at <= $1 limit $2)`,
    [new Date(now.getTime() - lockMs), limit],
  )
  return rowCount
}
