import { endpointDisabled } from '@tocsin/contract/events/deliveries'
import type { WebhookId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { dropDeliveries } from '../deliveries/deliveries.ts'
import { type WebhookRow, webhookColumns, webhookView } from './webhooks.read.ts'

/** How one endpoint fared in a batch of attempts. */
export interface EndpointHealth {
  webhookId: WebhookId
  /** One success is enough to call it well. */
  worked: boolean
  /** It asked for less, or its proxy cannot reach it: nothing is sent before this. */
  slowUntil: Date | null
  /** It answered 410. */
  gone: boolean
}

/** An endpoint that has answered nothing but failures for so long is given up. */
const failingMsMax = 5 * 24 * 3_600_000

/**
 * Takes the endpoints whose health may change. Before their deliveries are written, as whoever disables one does: no two then wait for
 * each other. Endpoints that are well and stay so are not touched.
 */
export async function lockEndpoints(change: Change, healths: readonly EndpointHealth[]): Promise<WebhookRow[]> {
  if (healths.length === 0) return []
  const troubled = healths.filter(({ worked }) => !worked).map(({ webhookId }) => webhookId)
  const { rows } = await change.tx.query<WebhookRow>(
    `select ${webhookColumns} from webhook
     where webhook.id = any ($1) and webhook.enabled and (webhook.failing_since is not null or webhook.id = any ($2))
     order by webhook.id for no key update`,
    [healths.map(({ webhookId }) => webhookId), troubled],
  )
  return rows
}

/**
 * Notes how locked endpoints do. `failingSince` comes and goes without an event: an endpoint that hears of its own failures, or of
 * another's that hears of its, would never come to rest.
 */
export async function noteEndpointHealth(
  change: Change,
  locked: readonly WebhookRow[],
  healths: readonly EndpointHealth[],
): Promise<void> {
  for (const row of locked) {
    const health = healths.find(({ webhookId }) => webhookId === row.id)
    if (health) await noteOne(change, row, health)
  }
}

async function noteOne(change: Change, webhook: WebhookRow, health: EndpointHealth): Promise<void> {
  const failingSince = health.worked ? null : (webhook.failingSince ?? change.now)
  if (health.gone) return await disable(change, webhook.id, 'gone', failingSince)
  if (failingSince && change.now.getTime() - failingSince.getTime() >= failingMsMax)
    return await disable(change, webhook.id, 'failing', failingSince)
  if (failingSince?.getTime() === webhook.failingSince?.getTime() && health.slowUntil === null) return
  await change.tx.query('update webhook set failing_since = $2, not_before = greatest(not_before, $3) where id = $1', [
    webhook.id,
    failingSince,
    health.slowUntil,
  ])
}

async function disable(
  change: Change,
  webhookId: WebhookId,
  reason: 'gone' | 'failing',
  failingSince: Date | null,
): Promise<void> {
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set enabled = false, disabled_reason = $2, failing_since = $3, not_before = null, version = version + 1
     where id = $1 returning ${webhookColumns}`,
    [webhookId, reason, failingSince],
  )
  const row = rows[0]
  if (!row) throw new Error('The locked webhook is gone.')
  await dropDeliveries(change, { webhookId })
  change.emit(endpointDisabled, { webhook: webhookView(row) })
}
