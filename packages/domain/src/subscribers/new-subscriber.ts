import type { Subscriber } from '@tocsin/contract/api/subscribers'
import { type ComponentId, newId, type StatusPageId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { newWebhookSecret } from '@tocsin/contract/webhook-signature'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { hashToken } from '../token.ts'
import { type SubscriberRow, subscriberColumns } from './subscribers.read.ts'

/** One page's crowd. Each event is a row for each of them. */
const subscribersPerPageMax = 100_000
/** Whoever fills a page with invented addresses fills it with pending ones, which go after a week. */
const pendingPerPageMax = 10_000

/** How to reach them. Boxes seal what is secret for the channels that will open it. */
export type Reach =
  | { kind: 'email'; address: string }
  | { kind: 'webhook'; url: string; webhookBox: SecretBox }
  | { kind: 'slack'; url: string; destinationBox: SecretBox }

export interface NewSubscriber {
  statusPageId: StatusPageId
  reach: Reach
  componentIds: ComponentId[] | null
  minimumImpact: Subscriber['minimumImpact']
  source: Subscriber['source']
}

/** The row of that address: a new one, or the one that is there, locked. What it wants is not changed by who only knows the address. */
export async function insertSubscriber(change: Change, input: NewSubscriber): Promise<SubscriberRow> {
  const identity = input.reach.kind === 'email' ? input.reach.address : hashToken(input.reach.url)
  const known = await findLocked(change, input, identity)
  if (known) return known
  const id = newId('subscriber')
  const sealed = sealedReach(input.reach, id)
  const { rows } = await change.tx.query<SubscriberRow>(
    `insert into subscriber (id, org_id, status_page_id, kind, address, identity, url, secret, credentials, state, state_at, component_ids,
       minimum_impact, source, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, $11, $12, $13, $10, $10)
     on conflict (status_page_id, kind, identity) do nothing returning ${subscriberColumns}`,
    [
      id,
      change.orgId,
      input.statusPageId,
      input.reach.kind,
      sealed.address,
      identity,
      sealed.url,
      sealed.secret,
      sealed.credentials,
      change.now,
      input.componentIds,
      input.minimumImpact,
      input.source,
    ],
  )
  const row = rows[0] ?? (await findLocked(change, input, identity))
  if (!row) throw new Error('A subscriber was there and is gone within one transaction.')
  return row
}

async function findLocked(change: Change, input: NewSubscriber, identity: string): Promise<SubscriberRow | null> {
  const { rows } = await change.tx.query<SubscriberRow>(
    `select ${subscriberColumns} from subscriber where status_page_id = $1 and kind = $2 and identity = $3 for no key update`,
    [input.statusPageId, input.reach.kind, identity],
  )
  return rows[0] ?? null
}

/** Two at the very limit may both pass: nothing depends on it. */
export async function refuseCrowd(change: Change, statusPageId: StatusPageId): Promise<void> {
  const { rows } = await change.tx.query<{ all: number; pending: number }>(
    `select count(*) as "all", count(*) filter (where state = 'pending') as pending from subscriber where status_page_id = $1`,
    [statusPageId],
  )
  const [counted] = rows
  if ((counted?.all ?? 0) >= subscribersPerPageMax || (counted?.pending ?? 0) >= pendingPerPageMax)
    throw new Refusal('limit_reached', 'The page takes no more subscribers at this moment.')
}

function sealedReach(reach: Reach, id: string) {
  if (reach.kind === 'email') return { address: reach.address, url: null, secret: null, credentials: null }
  const address = new URL(reach.url).host
  if (reach.kind === 'webhook')
    return { address, url: reach.url, secret: reach.webhookBox.seal(newWebhookSecret(), id), credentials: null }
  // As a destination of this kind is sealed, for the same channel opens it.
  const credentials = reach.destinationBox.seal(JSON.stringify({ url: reach.url }), id)
  return { address, url: null, secret: null, credentials }
}
