import type { WebhookRecovery } from '@tocsin/contract/api/webhooks'
import { webhookRecovered, webhookRecoveryStarted } from '@tocsin/contract/events/deliveries'
import type { OrgId, WebhookId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { recoverDeliveries } from '../deliveries/deliveries.ts'
import { type RecoveryRow, recoveryColumns, recoveryView } from './recovery.read.ts'
import { lockWebhook } from './webhooks.ts'

/**
 *  recoverWebhook ──▶ running ──▶ finished
 *                        └──▶ cancelled: the endpoint was disabled meanwhile
 *
 * Only what happened until it was asked for: what comes later is planned as ever.
 */
export async function recoverWebhook(change: Change, input: { webhookId: WebhookId; since: Date }): Promise<WebhookRecovery> {
  const { tx, orgId, now } = change
  const webhook = await lockWebhook(change, input.webhookId)
  if (!webhook.enabled) throw new Refusal('conflict', 'The webhook is disabled: enable it first.')
  const running = await lockRecovery(change, webhook.id)
  if (running?.state === 'running') throw new Refusal('conflict', 'A recovery of this webhook is under way.')
  const { fromSeq, toSeq } = await rangeSince(change, input.since)
  const { rows } = await tx.query<RecoveryRow>(
    `insert into webhook_recovery (webhook_id, org_id, since, state, from_seq, to_seq, seq, started_at) values ($1, $2, $3, 'running', $4::bigint, $5, $4::bigint - 1, $6)
     on conflict (webhook_id) do update set since = excluded.since, state = 'running', from_seq = excluded.from_seq, to_seq = excluded.to_seq,
       seq = excluded.seq, planned = 0, revived = 0, started_at = excluded.started_at, finished_at = null
     returning ${recoveryColumns}`,
    [webhook.id, orgId, input.since, fromSeq, toSeq, now],
  )
  // The offer is taken up.
  await tx.query('update webhook set missed_since = case when missed_since < $2 then missed_since end where id = $1', [
    webhook.id,
    input.since,
  ])
  const recovery = recoveryView(only(rows))
  change.emit(webhookRecoveryStarted, { recovery })
  return recovery
}

/** From the first event at or after `since` to the newest; refused when events of that time are not kept any more. */
async function rangeSince(change: Change, since: Date): Promise<{ fromSeq: number; toSeq: number }> {
  if (since > change.now) throw invalidSince('Must not be in the future.')
  const { rows } = await change.tx.query<{ head: number; floor: number; oldest: Date | null; first: number | null }>(
    `select h.seq as head, h.floor_seq as floor, (select e.at from event e where e.org_id = h.org_id and e.seq = h.floor_seq + 1) as oldest,
       (select min(e.seq) from event e where e.org_id = h.org_id and e.at >= $2) as first
     from journal_head h where h.org_id = $1`,
    [change.orgId, since],
  )
  const journal = rows[0]
  if (!journal) throw new Error('The org has no journal.')
  if (journal.floor > 0 && (journal.oldest ?? change.now) > since)
    throw invalidSince(
      journal.oldest
        ? `Events from before ${journal.oldest.toISOString()} are no longer kept: recover from then on.`
        : 'Events of that time are no longer kept.',
    )
  return { fromSeq: journal.first ?? journal.head + 1, toSeq: journal.head }
}

const invalidSince = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'since', message }] })

/** What is left to recover, held until the change is committed; null: it is over, or another replica is at it. */
export async function takeRecovery(
  change: Change,
  input: { webhookId: WebhookId },
): Promise<{
  seq: number
  toSeq: number
  webhook: { id: WebhookId; events: string[]; enabled: boolean }
  waiting: number
} | null> {
  // The endpoint first, as whoever disables it does.
  const { rows: endpoints } = await change.tx.query<{ id: WebhookId; events: string[]; enabled: boolean }>(
    'select id, events, enabled from webhook where id = $1 for no key update',
    [input.webhookId],
  )
  const { rows } = await change.tx.query<{ seq: number; toSeq: number }>(
    `select seq, to_seq as "toSeq" from webhook_recovery where webhook_id = $1 and state = 'running' for update skip locked`,
    [input.webhookId],
  )
  const { rows: counted } = await change.tx.query<{ count: number }>(
    `select count(*) as count from (
       (select 1 from delivery where receiver_id = $1 and channel = 'webhook' and state = 'pending' and not ordered limit $2)
       union all (select 1 from delivery where receiver_id = $1 and state = 'pending' and ordered limit $2)
     ) waiting`,
    [input.webhookId, waitingMax],
  )
  const [webhook, recovery] = [endpoints[0], rows[0]]
  return webhook && recovery ? { ...recovery, webhook, waiting: counted[0]?.count ?? 0 } : null
}

/** A recovery goes on only while fewer than this wait for its endpoint: it must not write in a minute what takes days to send. */
export const waitingMax = 2_000

/** Plans the messages among the next events, up to and including `seq`. */
export async function advanceRecovery(
  change: Change,
  input: Parameters<typeof recoverDeliveries>[1] & { seq: number },
): Promise<void> {
  const { planned, revived } = await recoverDeliveries(change, input)
  const { rows } = await change.tx.query<RecoveryRow>(
    `update webhook_recovery set seq = $2, planned = planned + $3, revived = revived + $4,
       state = case when $2 >= to_seq then 'finished' else state end, finished_at = case when $2 >= to_seq then $5::timestamptz end
     where webhook_id = $1 returning ${recoveryColumns}`,
    [input.webhookId, input.seq, planned, revived, change.now],
  )
  const recovery = recoveryView(only(rows))
  if (recovery.state === 'finished') change.emit(webhookRecovered, { recovery })
}

export async function cancelRecovery(change: Change, input: { webhookId: WebhookId }): Promise<void> {
  const { rows } = await change.tx.query<RecoveryRow>(
    `update webhook_recovery set state = 'cancelled', finished_at = $2 where webhook_id = $1 returning ${recoveryColumns}`,
    [input.webhookId, change.now],
  )
  const row = only(rows)
  await change.tx.query('update webhook set missed_since = least(missed_since, $2) where id = $1', [input.webhookId, row.since])
  change.emit(webhookRecovered, { recovery: recoveryView(row) })
}

/** Of all orgs, longest under way first. */
export async function runningRecoveries(db: Database, limit: number): Promise<{ orgId: OrgId; webhookId: WebhookId }[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; webhookId: WebhookId }>(
      'select org_id as "orgId", webhook_id as "webhookId" from webhooks_to_recover($1)',
      [limit],
    ),
  )
  return rows
}

async function lockRecovery(change: Change, webhookId: WebhookId): Promise<{ state: WebhookRecovery['state'] } | null> {
  const { rows } = await change.tx.query<{ state: WebhookRecovery['state'] }>(
    'select state from webhook_recovery where webhook_id = $1 for update',
    [webhookId],
  )
  return rows[0] ?? null
}

function only(rows: readonly RecoveryRow[]): RecoveryRow {
  const row = rows[0]
  if (!row) throw new Error('The recovery that was just written is gone.')
  return row
}
