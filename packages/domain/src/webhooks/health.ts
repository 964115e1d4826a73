import { endpointDisabled, endpointFailing, endpointWarned } from '@tocsin/contract/events/deliveries'
import type { WebhookId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { dropEndpointDeliveries } from '../deliveries/deliveries.ts'
import { type WebhookRow, webhookColumns, webhookView } from './webhooks.read.ts'

/** How one endpoint fared in a batch of attempts. */
export interface EndpointHealth {
  webhookId: WebhookId
  /** See `endpointSentWith`: what was answered elsewhere, or to whom has other keys now, says nothing about it. */
  sentWith: string
  /** One success is enough to call it well. */
  worked: boolean
  /** It asked for less, or its proxy cannot reach it: nothing is sent before this. */
  slowUntil: Date | null
  /** It answered 410. */
  gone: boolean
}

const dayMs = 24 * 3_600_000
/** Nothing but failures for so long: told of, told of again, given up. Judged when an attempt was made, so never of an endpoint that was let alone. */
const noticeMs = dayMs
const warnMs = 3 * dayMs
const failingMsMax = 5 * dayMs

interface SentWith {
  url: string | null
  secret: string | null
  headers: string | null
}
type LockedWebhook = WebhookRow & SentWith & { url: string; noticedAt: Date | null; warnedAt: Date | null }

/** Where attempts go, and with which keys; sealed anew with every change, so that equal means unchanged. */
export const endpointSentWith = ({ url, secret, headers }: SentWith): string => JSON.stringify([url, secret, headers])

/**
 * Takes the endpoints whose health may change. Before their deliveries are written, as whoever disables one does: no two then wait for
 * each other. Endpoints that are well, and stay so, are not touched.
 */
export async function lockEndpoints(
  change: Change,
  healths: readonly Omit<EndpointHealth, 'sentWith'>[],
): Promise<LockedWebhook[]> {
  if (healths.length === 0) return []
  const troubled = healths.filter(({ worked, slowUntil }) => !worked || slowUntil !== null).map(({ webhookId }) => webhookId)
  const { rows } = await change.tx.query<LockedWebhook>(
    `select ${webhookColumns}, webhook.noticed_at as "noticedAt", webhook.warned_at as "warnedAt", webhook.secret, webhook.headers from webhook
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
  locked: readonly LockedWebhook[],
  healths: readonly EndpointHealth[],
): Promise<void> {
  for (const row of locked) {
    const health = healths.find(({ webhookId, sentWith }) => webhookId === row.id && sentWith === endpointSentWith(row))
    if (health) await noteOne(change, row, health)
  }
}

async function noteOne(change: Change, webhook: LockedWebhook, health: EndpointHealth): Promise<void> {
  const failingSince = health.worked ? null : (webhook.failingSince ?? change.now)
  if (health.gone) return await disable(change, webhook.id, 'gone', failingSince)
  const failingMs = failingSince ? change.now.getTime() - failingSince.getTime() : 0
  if (failingMs >= failingMsMax) return await disable(change, webhook.id, 'failing', failingSince)
  const warns = failingMs >= warnMs && webhook.warnedAt === null
  // Whoever is warned first thing after a long silence of ours needs no notice before it.
  const notices = failingMs >= noticeMs && webhook.noticedAt === null && !warns
  if (failingSince?.getTime() === webhook.failingSince?.getTime() && health.slowUntil === null && !warns && !notices) return
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set failing_since = $2, not_before = greatest(not_before, $3),
       noticed_at = case when $2::timestamptz is not null then coalesce(noticed_at, $4) end,
       warned_at = case when $2::timestamptz is not null then coalesce(warned_at, $5) end
     where id = $1 returning ${webhookColumns}`,
    [webhook.id, failingSince, health.slowUntil, notices || warns ? change.now : null, warns ? change.now : null],
  )
  if (warns) change.emit(endpointWarned, { webhook: webhookView(only(rows)) })
  if (notices) change.emit(endpointFailing, { webhook: webhookView(only(rows)) })
}

async function disable(
  change: Change,
  webhookId: WebhookId,
  reason: 'gone' | 'failing',
  failingSince: Date | null,
): Promise<void> {
  const missedFrom = await dropEndpointDeliveries(change, { webhookId, failingSince })
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set enabled = false, disabled_reason = $2, failing_since = $3::timestamptz, not_before = null,
       missed_since = least(missed_since, $3::timestamptz, $4::timestamptz), version = version + 1
     where id = $1 returning ${webhookColumns}`,
    [webhookId, reason, failingSince, missedFrom ?? change.now],
  )
  change.emit(endpointDisabled, { webhook: webhookView(only(rows)) })
}

function only(rows: readonly WebhookRow[]): WebhookRow {
  const row = rows[0]
  if (!row) throw new Error('The locked webhook is gone.')
  return row
}
