import type { Delivery, PlanReason } from '@tocsin/contract/api/deliveries'
import type { WebhookRetries } from '@tocsin/contract/api/orgs'
import type { DeliveryId, OrgId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Message } from './message.ts'
import { withSubscribers } from './subscriber-receivers.ts'

/** A delivery in hand: what is needed to send it, and the token without which its outcome is not recorded. */
export interface ClaimedDelivery {
  id: DeliveryId
  orgId: OrgId
  /** The webhook, destination, member or subscriber. */
  receiverId: string
  token: string
  message: Message
  reason: PlanReason
  /** Ever made, before this one. */
  attempts: number
  /** Made in the current run through the retry schedule. */
  step: number
  redeliveredAt: Date | null
  /** Of a webhook; the secrets are sealed. */
  url: string | null
  secret: string | null
  oldSecret: string | null
  /** Its own, sealed together. */
  headers: string | null
  /** Its org's retry schedule. */
  retries: WebhookRetries
  /** Of mail. */
  address: string | null
  /** Of a destination; what is secret is sealed. */
  kind: string | null
  config: unknown
  credentials: string | null
}

export interface ClaimRequest {
  channel: Delivery['channel']
  now: Date
  leaseUntil: Date
  /** `<replica>:<claim>`. */
  token: string
  limit: number
  /** In flight to one receiver, of this replica. */
  perReceiver: number
}

/** Due deliveries of all orgs, receivers taking turns. */
export async function claimDeliveries(db: Database, request: ClaimRequest): Promise<ClaimedDelivery[]> {
  const { channel, now, leaseUntil, token, limit, perReceiver } = request
  const claimed = await db.transaction('installation', async (sql) => {
    // A claim that a crash of Postgres forgets is made again: it need not wait for the disk.
    const unhurried = sql.query("select set_config('synchronous_commit', 'off', true)")
    const claimed = sql.query<Omit<ClaimedDelivery, 'token'>>(
      `select id, org_id as "orgId", receiver_id as "receiverId", message, reason, attempts, step,
         redelivered_at as "redeliveredAt", url, secret, old_secret as "oldSecret", headers, retries, address, kind, config, credentials
       from claim_deliveries($1, $2, $3, $4, $5, $6)`,
      [channel, now, leaseUntil, token, limit, perReceiver],
    )
    const [{ rows }] = await Promise.all([claimed, unhurried])
    return withSubscribers(sql, rows)
  })
  return claimed.map((row) => ({ ...row, token }))
}

/** Gives back what was claimed and not sent. */
export async function releaseDeliveries(db: Database, claimed: readonly ClaimedDelivery[]): Promise<void> {
  const [first] = claimed
  if (!first) return
  await db.transaction('installation', (sql) =>
    sql.query('select release_deliveries($1, $2)', [first.token, claimed.map(({ id }) => id)]),
  )
}

export interface QueueState {
  channel: Delivery['channel']
  waiting: number
  oldestSeconds: number
}

/** What is due and not yet sent; a channel with nothing due is not listed. */
export async function deliveryQueue(db: Database, now: Date): Promise<QueueState[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<QueueState>('select channel, waiting, oldest_seconds as "oldestSeconds" from delivery_queue($1)', [now]),
  )
  return rows
}
