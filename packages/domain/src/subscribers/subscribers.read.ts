import type { Subscriber, SubscriberState } from '@tocsin/contract/api/subscribers'
import type { OrgId, SubscriberId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Database } from '@tocsin/db/pool'
import type { Sql } from '@tocsin/db/transaction'
import type { SecretBox } from '@tocsin/process/secret-box'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface SubscriberRow extends Omit<Subscriber, 'pausedUntil' | 'confirmedAt' | 'createdAt' | 'updatedAt'> {
  pausedUntil: Date | null
  confirmedAt: Date | null
  createdAt: Date
  updatedAt: Date
}

export const subscriberColumns = `id, status_page_id as "statusPageId", kind, address, state, state_reason as "stateReason",
  component_ids as "componentIds", minimum_impact as "minimumImpact", paused_until as "pausedUntil", source,
  confirmed_at as "confirmedAt", consent, created_at as "createdAt", updated_at as "updatedAt", version`

export const subscriberView = (row: SubscriberRow): Subscriber => ({
  ...row,
  pausedUntil: row.pausedUntil?.toISOString() ?? null,
  confirmedAt: row.confirmedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
})

export async function listSubscribers(
  sql: Sql,
  request: PageRequest & { state?: SubscriberState | undefined; address?: string | undefined },
): Promise<Page<Subscriber>> {
  const { follows, order } = keyset(request, 'created_at', 'id')
  const { rows } = await sql.query<SubscriberRow>(
    `select ${subscriberColumns} from subscriber
     where ${follows} and ($4::text is null or state = $4) and ($5::text is null or position($5 in address) > 0)
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1, request.state ?? null, request.address ?? null],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), subscriberView)
}

export async function getSubscriber(sql: Sql, subscriberId: SubscriberId): Promise<Subscriber> {
  const { rows } = await sql.query<SubscriberRow>(`select ${subscriberColumns} from subscriber where id = $1`, [subscriberId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such subscriber.')
  return subscriberView(row)
}

/** Whose subscriber a link is about; null: nobody's any more. */
export async function orgOfSubscriber(db: Database, subscriberId: SubscriberId): Promise<OrgId | null> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId }>('select org_id as "orgId" from org_of_subscriber($1)', [subscriberId]),
  )
  return rows[0]?.orgId ?? null
}

/** By which a webhook knows us; null: it is none. For whoever has just shown that the endpoint is theirs. */
export async function signingSecret(sql: Sql, subscriberId: SubscriberId, webhookBox: SecretBox): Promise<string | null> {
  const { rows } = await sql.query<{ secret: string | null }>('select secret from subscriber where id = $1', [subscriberId])
  const sealed = rows[0]?.secret ?? null
  return sealed === null ? null : webhookBox.open(sealed, subscriberId)
}
