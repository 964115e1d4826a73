import type { Webhook } from '@tocsin/contract/api/webhooks'
import type { WebhookId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Sql } from '@tocsin/db/transaction'
import { keyset, type Page, type PageRequest, pageOfRows, positionValues } from '../page.ts'

export interface WebhookRow {
  id: WebhookId
  url: string
  description: string
  events: string[]
  headerNames: string[]
  rateLimitPerMinute: number | null
  ordered: boolean
  enabled: boolean
  disabledReason: Webhook['disabledReason']
  failingSince: Date | null
  slowedUntil: Date | null
  missedSince: Date | null
  createdAt: Date
  version: number
}

/** Never the secrets. */
export const webhookColumns = `webhook.id, webhook.url, webhook.description, webhook.events, webhook.header_names as "headerNames",
  webhook.rate_limit as "rateLimitPerMinute", webhook.ordered, webhook.enabled, webhook.disabled_reason as "disabledReason",
  webhook.failing_since as "failingSince", webhook.not_before as "slowedUntil", webhook.missed_since as "missedSince",
  webhook.created_at as "createdAt", webhook.version`

export function webhookView(row: WebhookRow): Webhook {
  return {
    ...row,
    failingSince: row.failingSince?.toISOString() ?? null,
    slowedUntil: row.slowedUntil?.toISOString() ?? null,
    missedSince: row.missedSince?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }
}

export async function listWebhooks(sql: Sql, request: PageRequest): Promise<Page<Webhook>> {
  const { follows, order } = keyset(request, 'webhook.created_at', 'webhook.id')
  const { rows } = await sql.query<WebhookRow>(
    `select ${webhookColumns} from webhook
     where ${follows}
     order by ${order} limit $3`,
    [...positionValues(request), request.limit + 1],
  )
  return pageOfRows(rows, request, (row) => ({ at: row.createdAt, id: row.id }), webhookView)
}

export async function getWebhook(sql: Sql, webhookId: WebhookId): Promise<Webhook> {
  const { rows } = await sql.query<WebhookRow>(`select ${webhookColumns} from webhook where webhook.id = $1`, [webhookId])
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such webhook.')
  return webhookView(row)
}

/** Who may get events. They stay enabled until the change is committed: no row is planned for one that is being disabled. */
export async function enabledWebhooks(sql: Sql): Promise<{ id: WebhookId; events: string[] }[]> {
  const { rows } = await sql.query<{ id: WebhookId; events: string[] }>(
    'select id, events from webhook where enabled order by id for share',
  )
  return rows
}
