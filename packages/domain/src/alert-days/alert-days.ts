import { circuitBreakerReset } from '@tocsin/contract/events/deliveries'
import type { OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'

/** What an org's people have been sent on a day (UTC), and when the circuit breaker tripped. */
export interface AlertDay {
  readonly day: string
  readonly sent: number
  readonly criticalSent: number
  readonly trippedAt: Date | null
}

export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

/** Today's row, locked until the change commits: only one decides at a time how many messages are left. */
export async function lockAlertDay(change: Change): Promise<AlertDay> {
  const day = dayOf(change.now)
  await change.tx.query('insert into alert_day (org_id, day) values ($1, $2) on conflict do nothing', [change.orgId, day])
  const { rows } = await change.tx.query<Omit<AlertDay, 'day'>>(
    `select sent, critical_sent as "criticalSent", tripped_at as "trippedAt" from alert_day where org_id = $1 and day = $2 for update`,
    [change.orgId, day],
  )
  const row = rows[0]
  if (!row) throw new Error("The day's row that was just written is gone.")
  return { day, ...row }
}

export async function saveAlertDay(change: Change, alertDay: AlertDay): Promise<void> {
  await change.tx.query('update alert_day set sent = $3, critical_sent = $4, tripped_at = $5 where org_id = $1 and day = $2', [
    change.orgId,
    alertDay.day,
    alertDay.sent,
    alertDay.criticalSent,
    alertDay.trippedAt,
  ])
}

/** Orgs whose breaker tripped on an earlier day that nobody has closed yet. */
export async function orgsToReset(db: Database, today: string, limit: number): Promise<OrgId[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from orgs_to_reset($1, $2)', [today, limit]),
  )
  return rows.map(({ orgId }) => orgId)
}

/** Says once that a new day has begun; whether it had still to be said. */
export async function resetBreaker(change: Change): Promise<boolean> {
  const today = dayOf(change.now)
  const { rowCount } = await change.tx.query(
    'update alert_day set reset_at = $3 where org_id = $1 and day < $2 and tripped_at is not null and reset_at is null',
    [change.orgId, today, change.now],
  )
  if (rowCount === 0) return false
  change.emit(circuitBreakerReset, { day: today })
  return true
}
