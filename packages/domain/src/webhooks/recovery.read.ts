import type { WebhookRecovery } from '@tocsin/contract/api/webhooks'
import type { WebhookId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'

export interface RecoveryRow {
  webhookId: WebhookId
  since: Date
  state: WebhookRecovery['state']
  fromSeq: number
  toSeq: number
  seq: number
  planned: number
  revived: number
  startedAt: Date
  finishedAt: Date | null
}

export const recoveryColumns = `webhook_recovery.webhook_id as "webhookId", webhook_recovery.since, webhook_recovery.state,
  webhook_recovery.from_seq as "fromSeq", webhook_recovery.to_seq as "toSeq", webhook_recovery.seq, webhook_recovery.planned,
  webhook_recovery.revived, webhook_recovery.started_at as "startedAt", webhook_recovery.finished_at as "finishedAt"`

export const recoveryView = (row: RecoveryRow): WebhookRecovery => ({
  ...row,
  since: row.since.toISOString(),
  startedAt: row.startedAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
})

export async function getRecovery(sql: Sql, webhookId: WebhookId): Promise<WebhookRecovery> {
  const { rows } = await sql.query<RecoveryRow>(
    `select ${recoveryColumns} from webhook_recovery where webhook_recovery.webhook_id = $1`,
    [webhookId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'Nothing was ever recovered for this webhook.')
  return recoveryView(row)
}
