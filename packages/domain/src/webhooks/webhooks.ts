import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Webhook, WebhookChanges, WebhookHeaders, WebhookInput } from '@tocsin/contract/api/webhooks'
import { webhookCreated, webhookDeleted, webhookSecretRotated, webhookUpdated } from '@tocsin/contract/events/deliveries'
import { newId, type WebhookId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { newWebhookSecret } from '@tocsin/contract/webhook-signature'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { dropEndpointDeliveries, orderDeliveries, planTest } from '../deliveries/deliveries.ts'
import { sealHeaders } from './headers.ts'
import { type WebhookRow, webhookColumns, webhookView } from './webhooks.read.ts'

/** Every event is written once for each of them. Two creations at the very limit may both pass: nothing depends on it. */
export const webhooksPerOrgMax = 50

export type WebhookWithSecret = Webhook & { secret: string }

/** The secret is shown here and never again: what is kept is sealed, for this row only. */
export async function createWebhook(
  change: Change,
  { input, box }: { input: WebhookInput; box: SecretBox },
): Promise<WebhookWithSecret> {
  const url = sendableUrl(input.url)
  const { rows: counted } = await change.tx.query<{ count: number }>('select count(*) as count from webhook')
  if ((counted[0]?.count ?? 0) >= webhooksPerOrgMax)
    throw new Refusal('limit_reached', `An organisation has ${webhooksPerOrgMax} webhooks at most.`)
  const id = newId('webhook')
  const secret = newWebhookSecret()
  const headers = sealHeaders(input.headers, id, box)
  const { rows } = await change.tx.query<WebhookRow>(
    `insert into webhook (id, org_id, url, description, events, secret, header_names, headers, rate_limit, ordered, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     returning ${webhookColumns}`,
    [
      id,
      change.orgId,
      url,
      input.description,
      input.events,
      box.seal(secret, id),
      headers.names,
      headers.sealed,
      input.rateLimitPerMinute,
      input.ordered,
      change.now,
    ],
  )
  const webhook = webhookView(only(rows))
  change.emit(webhookCreated, { webhook })
  return { ...webhook, secret }
}

/** Disabling drops what is still to be sent; enabling starts with a clean sheet, and with the offer to recover what was missed. */
export async function updateWebhook(
  change: Change,
  input: { webhookId: WebhookId; changes: WebhookChanges; ifVersion: number | null; box: SecretBox },
): Promise<Webhook> {
  const before = await lockWebhook(change, input.webhookId)
  if (input.ifVersion !== null && input.ifVersion !== before.version)
    throw new Refusal('precondition_failed', 'The webhook was changed in the meantime: read it again.')
  const { changes } = input
  const wanted: Wanted = {
    url: changes.url === undefined ? before.url : sendableUrl(changes.url),
    description: changes.description ?? before.description,
    events: changes.events ?? before.events,
    rateLimitPerMinute: changes.rateLimitPerMinute === undefined ? before.rateLimitPerMinute : changes.rateLimitPerMinute,
    ordered: changes.ordered ?? before.ordered,
    enabled: changes.enabled ?? before.enabled,
  }
  if (changes.headers === undefined && before.headerNames.length > 0 && !isSameOrigin(before.url, wanted.url))
    throw new Refusal('invalid', 'Its headers were meant for another server: give them again.', {
      issues: [{ path: 'headers', message: 'Must be given when the URL leads to another server.' }],
    })
  // Whether sealed values are the same as before is not looked at: naming them is changing them.
  if (changes.headers === undefined && isSame(before, wanted)) return webhookView(before)
  const row = await writeWebhook(change, before, wanted)
  if (before.ordered !== wanted.ordered) await orderDeliveries(change, { webhookId: before.id, ordered: wanted.ordered })
  const webhook =
    changes.headers === undefined ? webhookView(row) : await writeHeaders(change, before.id, changes.headers, input.box)
  change.emit(webhookUpdated, { webhook })
  return webhook
}

type Wanted = Pick<WebhookRow, 'url' | 'description' | 'events' | 'rateLimitPerMinute' | 'ordered' | 'enabled'>

async function writeWebhook(change: Change, before: WebhookRow, wanted: Wanted): Promise<WebhookRow> {
  const turned = wanted.enabled !== before.enabled
  const enabling = turned && wanted.enabled
  const disabling = turned && !wanted.enabled
  const missedFrom = disabling
    ? await dropEndpointDeliveries(change, { webhookId: before.id, failingSince: before.failingSince })
    : null
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set url = $2, description = $3, events = $4, rate_limit = $5, ordered = $6, enabled = $7, disabled_reason = $8,
       failing_since = case when $9 then null else failing_since end, noticed_at = case when $9 then null else noticed_at end,
       warned_at = case when $9 then null else warned_at end, not_before = case when $10 then null else not_before end,
       missed_since = case when $11 then least(missed_since, failing_since, $12) else missed_since end,
       version = version + 1
     where id = $1 returning ${webhookColumns}`,
    [
      before.id,
      wanted.url,
      wanted.description,
      wanted.events,
      wanted.rateLimitPerMinute,
      wanted.ordered,
      wanted.enabled,
      turned ? (wanted.enabled ? null : 'by_hand') : before.disabledReason,
      enabling,
      turned || wanted.url !== before.url,
      disabling,
      missedFrom ?? change.now,
    ],
  )
  return only(rows)
}

async function writeHeaders(change: Change, id: WebhookId, headers: WebhookHeaders, box: SecretBox): Promise<Webhook> {
  const { names, sealed } = sealHeaders(headers, id, box)
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set header_names = $2, headers = $3 where id = $1 returning ${webhookColumns}`,
    [id, names, sealed],
  )
  return webhookView(only(rows))
}

/** Its deliveries, sent or not, go with it. */
export async function deleteWebhook(change: Change, input: { webhookId: WebhookId }): Promise<void> {
  const { rowCount } = await change.tx.query('delete from webhook where id = $1', [input.webhookId])
  if (rowCount === 0) throw new Refusal('not_found', 'No such webhook.')
  change.emit(webhookDeleted, { webhookId: input.webhookId })
}

/** Until the old secret ends, messages carry both signatures. A second rotation forgets the secret before the last. */
export async function rotateWebhookSecret(
  change: Change,
  { webhookId, keepOldHours, box }: { webhookId: WebhookId; keepOldHours: number; box: SecretBox },
): Promise<WebhookWithSecret> {
  const before = await lockWebhook(change, webhookId)
  const secret = newWebhookSecret()
  const oldUntil = new Date(change.now.getTime() + keepOldHours * 3_600_000)
  const { rows } = await change.tx.query<WebhookRow>(
    `update webhook set secret = $2, old_secret = case when $4 then secret end, old_secret_until = case when $4 then $3::timestamptz end,
       version = version + 1
     where id = $1 returning ${webhookColumns}`,
    [before.id, box.seal(secret, before.id), oldUntil, keepOldHours > 0],
  )
  const webhook = emitUpdated(change, rows)
  change.emit(webhookSecretRotated, { webhook })
  return { ...webhook, secret }
}

export async function testWebhook(change: Change, input: { webhookId: WebhookId }): Promise<Delivery> {
  const webhook = await lockWebhook(change, input.webhookId)
  if (!webhook.enabled) throw new Refusal('conflict', 'The webhook is disabled: enable it first.')
  return await planTest(change, { webhookId: webhook.id })
}

/** Whether the address may be reached is known only when it is: names change what they point to. */
function sendableUrl(text: string): string {
  const refuse = (message: string) => new Refusal('invalid', message, { issues: [{ path: 'url', message }] })
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw refuse('Must be an http or https URL.')
  if (url.username || url.password) throw refuse('Must not contain a user name or a password.')
  url.hash = ''
  return url.href
}

/** Values that nobody can read must not be read by sending them elsewhere. */
const isSameOrigin = (a: string, b: string): boolean => URL.parse(a)?.origin === URL.parse(b)?.origin

function isSame(before: WebhookRow, wanted: Wanted): boolean {
  return (
    before.url === wanted.url &&
    before.description === wanted.description &&
    before.rateLimitPerMinute === wanted.rateLimitPerMinute &&
    before.ordered === wanted.ordered &&
    before.enabled === wanted.enabled &&
    before.events.join(' ') === wanted.events.join(' ')
  )
}

export async function lockWebhook(change: Change, webhookId: WebhookId): Promise<WebhookRow> {
  const { rows } = await change.tx.query<WebhookRow>(
    `select ${webhookColumns} from webhook where webhook.id = $1 for no key update`,
    [webhookId],
  )
  const row = rows[0]
  if (!row) throw new Refusal('not_found', 'No such webhook.')
  return row
}

function emitUpdated(change: Change, rows: readonly WebhookRow[]): Webhook {
  const webhook = webhookView(only(rows))
  change.emit(webhookUpdated, { webhook })
  return webhook
}

function only(rows: readonly WebhookRow[]): WebhookRow {
  const row = rows[0]
  if (!row) throw new Error('The webhook that was just written is gone.')
  return row
}
