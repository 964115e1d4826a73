import { randomBytes } from 'node:crypto'
import type { Subscriber } from '@tocsin/contract/api/subscribers'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { planDeliveries } from '../deliveries/deliveries.ts'
import { hashToken } from '../token.ts'
import { confirmToken } from './links.ts'
import { type ConfirmData, confirmMessageType, type ManageData, manageMessageType, type PageName } from './messages.ts'
import type { NewSubscriber } from './new-subscriber.ts'
import { type SubscriberRow, subscriberColumns, subscriberView } from './subscribers.read.ts'

const tokenMsMax = 72 * 3_600_000
/**
 * Between two messages about the subscription itself it is as long as from the first to the last one, within these: typing somebody's
 * address a thousand times sends them eight on the first day, and one on each that follows.
 */
const restMin = '10 minutes'
const restMax = '1 day'

/**
 * Who has not agreed is asked, who has is told where to change it; for a while after such a message nothing is sent. What whoever asked
 * for it now wants counts only when nobody has agreed to anything else. Who has called our mail spam is never asked again.
 */
export async function askOrRemind(
  change: Change,
  row: SubscriberRow,
  input: Pick<NewSubscriber, 'componentIds' | 'minimumImpact'> & { box: SecretBox },
): Promise<Subscriber> {
  if (row.stateReason === 'complaint') return subscriberView(row)
  const { rows: due } = await change.tx.query(
    `update subscriber set mailed_at = $2
     where id = $1 and (mailed_at is null or mailed_at + greatest($3::interval, least(mailed_at - created_at, $4::interval)) <= $2)
     returning id`,
    [row.id, change.now, restMin, restMax],
  )
  if (due.length === 0) return subscriberView(row)
  const page = await pageName(change, row)
  if (row.state === 'confirmed') {
    const data: ManageData = { page }
    await tell(change, row, manageMessageType, data)
    return subscriberView(row)
  }
  const nonce = randomBytes(16).toString('base64url')
  const { rows } = await change.tx.query<SubscriberRow>(
    `update subscriber set state = case when state = 'unsubscribed' then 'pending' else state end,
       state_at = case when state = 'quarantined' then state_at else $2 end, state_reason = case when state = 'quarantined' then state_reason end,
       token_hash = $3, token_expires_at = $4, component_ids = $5, minimum_impact = $6, updated_at = $2, version = version + 1
     where id = $1 returning ${subscriberColumns}`,
    [
      row.id,
      change.now,
      hashToken(confirmToken(input.box, row.id, nonce)),
      new Date(change.now.getTime() + tokenMsMax),
      input.componentIds,
      input.minimumImpact,
    ],
  )
  const asked = rows[0]
  if (!asked) throw new Error('The locked subscriber is gone.')
  const data: ConfirmData = { page, nonce }
  await tell(change, row, confirmMessageType, data)
  return subscriberView(asked)
}

async function tell(change: Change, { id }: SubscriberRow, type: string, data: ConfirmData | ManageData): Promise<void> {
  const message = { seq: null, type, at: change.now.toISOString(), data }
  await planDeliveries(change, [{ receiver: { subscriberId: id }, message, state: 'pending', reason: 'subscribed' }])
}

async function pageName(change: Change, { statusPageId }: SubscriberRow): Promise<PageName> {
  const { rows } = await change.tx.query<PageName>('select slug, name from status_page where id = $1', [statusPageId])
  const page = rows[0]
  if (!page) throw new Error('The subscriber has a page.')
  return page
}
