import type { UserId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'

/** How many mails about security each member was sent since then. */
export async function securityMailsSince(sql: Sql, since: Date): Promise<[UserId, number][]> {
  const { rows } = await sql.query<{ userId: UserId; count: number }>(
    `select user_id as "userId", count(*) as count from delivery
     where user_id is not null and reason = 'security_notice' and created_at >= $1 group by user_id`,
    [since],
  )
  return rows.map(({ userId, count }) => [userId, count])
}
