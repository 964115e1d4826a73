import type { SubscriberImport, SubscriberImportResult } from '@tocsin/contract/api/subscribers'
import { subscriberConfirmed } from '@tocsin/contract/events/subscribers'
import { newId, type StatusPageId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import type { Change } from '@tocsin/journal/change'
import type { SecretBox } from '@tocsin/process/secret-box'
import { askOrRemind } from './asking.ts'
import { insertSubscriber, refuseCrowd } from './new-subscriber.ts'
import { type SubscriberRow, subscriberColumns, subscriberView } from './subscribers.read.ts'

/** Each of them is a mail that was not asked for. */
const askedMax = 1_000

type Row = SubscriberImport['subscribers'][number]

/** Who agreed elsewhere is told from now on, with when and how kept; who did not is asked. Who is known, or has left, is left alone. */
export async function importSubscribers(
  change: Change,
  input: { statusPageId: StatusPageId; rows: readonly Row[]; box: SecretBox },
): Promise<SubscriberImportResult> {
  const rows = [...new Map(input.rows.map((row) => [row.address, row])).values()]
  refuseFuture(input.rows, change.now)
  await refuseCrowd(change, input.statusPageId)
  const known = await knownAddresses(change, input.statusPageId, rows)
  const fresh = rows.filter(({ address }) => !known.has(address))
  const agreed = fresh.filter(({ confirmedAt }) => confirmedAt !== undefined)
  await insertConfirmed(change, input.statusPageId, agreed)
  const others = fresh.filter(({ confirmedAt }) => confirmedAt === undefined)
  if (others.length > askedMax)
    throw new Refusal('limit_reached', `${askedMax} addresses at most can be asked at once: nobody likes a sender of thousands.`)
  for (const { address, minimumImpact } of others) {
    const wanted = { componentIds: null, minimumImpact, box: input.box }
    const reach = { kind: 'email' as const, address }
    const row = await insertSubscriber(change, { ...wanted, statusPageId: input.statusPageId, reach, source: 'import' })
    await askOrRemind(change, row, wanted)
  }
  return { confirmed: agreed.length, asked: others.length, known: rows.length - fresh.length }
}

function refuseFuture(rows: readonly Row[], now: Date): void {
  const index = rows.findIndex(({ confirmedAt }) => confirmedAt !== undefined && new Date(confirmedAt) > now)
  if (index === -1) return
  const message = 'Must not be in the future.'
  throw new Refusal('invalid', message, { issues: [{ path: `subscribers.${index}.confirmedAt`, message }] })
}

async function knownAddresses(change: Change, statusPageId: StatusPageId, rows: readonly Row[]): Promise<Set<string>> {
  const { rows: known } = await change.tx.query<{ address: string }>(
    `select address from subscriber where status_page_id = $1 and kind = 'email' and identity = any ($2)`,
    [statusPageId, rows.map(({ address }) => address)],
  )
  return new Set(known.map(({ address }) => address))
}

async function insertConfirmed(change: Change, statusPageId: StatusPageId, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return
  const { rows: made } = await change.tx.query<SubscriberRow>(
    `insert into subscriber (id, org_id, status_page_id, kind, address, identity, state, state_at, minimum_impact, source, confirmed_at,
       consent, created_at, updated_at)
     select r.id, $1, $2, 'email', r.address, r.address, 'confirmed', $3, r.impact, 'import', r.confirmed_at, r.consent, $3, $3
     from unnest($4::text[], $5::text[], $6::text[], $7::timestamptz[], $8::text[]) as r (id, address, impact, confirmed_at, consent)
     on conflict (status_page_id, kind, identity) do nothing returning ${subscriberColumns}`,
    [
      change.orgId,
      statusPageId,
      change.now,
      rows.map(() => newId('subscriber')),
      rows.map(({ address }) => address),
      rows.map(({ minimumImpact }) => minimumImpact),
      rows.map(({ confirmedAt }) => confirmedAt),
      rows.map(({ consent }) => consent ?? 'Imported'),
    ],
  )
  for (const row of made) change.emit(subscriberConfirmed, { subscriber: subscriberView(row) })
}
