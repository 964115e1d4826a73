import type { Sql } from '@tocsin/db/transaction'

/** Where a subscriber is reached: what a delivery needs and its own row does not have. */
export interface SubscriberReceiver {
  id: string
  kind: string
  address: string | null
  url: string | null
  secret: string | null
  credentials: string | null
}

const isSubscriber = ({ receiverId }: { receiverId: string }): boolean => receiverId.startsWith('sub_')

/** Fills in where claimed deliveries of subscribers lead. The others, and so most claims, cost nothing. */
export async function withSubscribers<Claimed extends { receiverId: string; config: unknown }>(
  sql: Sql,
  claimed: readonly Claimed[],
): Promise<Claimed[]> {
  const ids = [...new Set(claimed.filter(isSubscriber).map(({ receiverId }) => receiverId))]
  if (ids.length === 0) return [...claimed]
  const { rows } = await sql.query<SubscriberReceiver>(
    'select id, kind, address, url, secret, credentials from subscriber_receivers($1)',
    [ids],
  )
  const byId = new Map(rows.map(({ id, ...receiver }) => [id, receiver]))
  return claimed.map((each) => ({ ...each, ...(byId.has(each.receiverId) ? { config: {} } : {}), ...byId.get(each.receiverId) }))
}
