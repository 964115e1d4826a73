import type { DestinationKind } from '@tocsin/contract/api/destinations'
import type { DestinationId, OrgId, UserId } from '@tocsin/contract/ids'
import type { Database } from '@tocsin/db/pool'
import type { Change } from '@tocsin/journal/change'
import { planDeliveries } from './deliveries.ts'
import { coalesce } from './digest-entries.ts'
import { type DigestReceiver, type HeldDelivery, readHeld, readStandings } from './digests.read.ts'
import { type DigestData, digestMessageType, type Message } from './message.ts'

/** A person is not to be disturbed. */
export interface Quiet {
  readonly until: Date
  readonly unlessCritical: boolean
}

interface DigestSize {
  /** One message names this many; more of them make more messages. */
  readonly entriesMax: number
  /** Of one digest, so that a change stays short, and a chat can be read; what is left comes with the next one. */
  readonly partsMax: number
}
const ofMail: DigestSize = { entriesMax: 500, partsMax: 10 }
/** The strictest of them shows some 2,900 characters of a text, and an entry has about a hundred. */
const ofChat: DigestSize = { entriesMax: 25, partsMax: 20 }
/** Twenty text messages or calls instead of one would be noise that costs: it says how many there are, and leads to the list. */
const ofPhone: DigestSize = { entriesMax: 500, partsMax: 1 }

const sizes: Readonly<Record<DestinationKind, DigestSize>> = {
  email: ofMail,
  slack: ofChat,
  discord: ofChat,
  teams: ofChat,
  telegram: ofChat,
  google_chat: ofChat,
  mattermost: ofChat,
  rocketchat: ofChat,
  gotify: ofChat,
  apprise: ofChat,
  ntfy: ofPhone,
  pushover: ofPhone,
  pagerduty: ofPhone,
  opsgenie: ofPhone,
  twilio: ofPhone,
}

/** Quiet hours that follow each other without a gap never end: what has waited for so long is told all the same. */
const quietMsMax = 7 * 24 * 3_600_000

/** Destinations and members for whom the time of something that is held has come. */
export async function receiversToDigest(
  db: Database,
  now: Date,
  limit: number,
): Promise<{ orgId: OrgId; receiver: DigestReceiver }[]> {
  const { rows } = await db.transaction('installation', (sql) =>
    sql.query<{ orgId: OrgId; destinationId: DestinationId | null; userId: UserId | null }>(
      'select org_id as "orgId", destination_id as "destinationId", user_id as "userId" from receivers_to_digest($1, $2)',
      [now, limit],
    ),
  )
  return rows.flatMap(({ orgId, destinationId, userId }): { orgId: OrgId; receiver: DigestReceiver }[] => {
    if (destinationId) return [{ orgId, receiver: { destinationId } }]
    return userId ? [{ orgId, receiver: { userId } }] : []
  })
}

/**
 * Puts what is held for a receiver, and whose time has come, into one digest, once over all replicas: the receiver's row is the lock and
 * keeps the time. A person who is not to be disturbed gets it afterwards, unless something in it may disturb. False if there is nothing to
 * do, or another replica is doing it.
 */
export async function planDigest(change: Change, input: { receiver: DigestReceiver; quiet: Quiet | null }): Promise<boolean> {
  const { receiver, quiet } = input
  const kind = await takeTurn(change, receiver)
  if (kind === null) return false
  const size = sizes[kind]
  const held = await readHeld(change, receiver, size.entriesMax * size.partsMax)
  if (held.length === 0) return false
  if (quiet && !mayDisturb(held, quiet, change.now)) {
    await change.tx.query('update delivery set hold_until = $1 where id = any ($2)', [quiet.until, held.map(({ id }) => id)])
    return true
  }
  await noteTurn(change, receiver)
  await planParts(change, receiver, held, size)
  return true
}

async function planParts(
  change: Change,
  receiver: DigestReceiver,
  held: readonly HeldDelivery[],
  { entriesMax, partsMax }: DigestSize,
): Promise<void> {
  const { entries, rows } = coalesce(held, await readStandings(change, held), entriesMax * partsMax)
  const parts = Math.ceil(entries.length / entriesMax)
  const reasons = [...new Set(rows.map(({ held }) => held.reason))]
  for (let part = 1; part <= parts; part += 1) {
    const from = (part - 1) * entriesMax
    const data: DigestData = { part, parts, total: entries.length, reasons, entries: entries.slice(from, from + entriesMax) }
    const message: Message = { seq: null, type: digestMessageType, at: change.now.toISOString(), data }
    const [digestId] = await planDeliveries(change, [{ receiver, message, state: 'pending', reason: 'digest' }])
    // Told when the last message that names something of it was accepted.
    const told = rows.filter(({ lastEntry }) => Math.floor(lastEntry / entriesMax) + 1 === part)
    await change.tx.query('update delivery set digest_id = $1 where id = any ($2)', [digestId, told.map(({ held }) => held.id)])
  }
}

const mayDisturb = (held: readonly HeldDelivery[], { unlessCritical }: Quiet, now: Date): boolean =>
  (unlessCritical && held.some(isCritical)) || held.some(({ heldAt }) => now.getTime() - heldAt.getTime() >= quietMsMax)

const isCritical = ({ alerts }: HeldDelivery): boolean => alerts?.some(({ severity }) => severity === 'critical') ?? false

/** What kind of receiver it is; null: it is not its turn, or another replica has it. */
async function takeTurn(change: Change, receiver: DigestReceiver): Promise<DestinationKind | null> {
  const { rows } =
    'userId' in receiver
      ? await change.tx.query<{ kind: DestinationKind }>(
          `select 'email' as kind from member
           where org_id = $3 and account_id = $1 and digest_is_due(org_id, account_id, last_digest_at, $2)
           for no key update skip locked`,
          [receiver.userId, change.now, change.orgId],
        )
      : await change.tx.query<{ kind: DestinationKind }>(
          `select kind from destination where org_id = $3 and id = $1 and digest_is_due(org_id, id, last_digest_at, $2)
           for no key update skip locked`,
          [receiver.destinationId, change.now, change.orgId],
        )
  return rows[0]?.kind ?? null
}

async function noteTurn(change: Change, receiver: DigestReceiver): Promise<void> {
  if ('userId' in receiver)
    await change.tx.query('update member set last_digest_at = $2 where org_id = $3 and account_id = $1', [
      receiver.userId,
      change.now,
      change.orgId,
    ])
  else await change.tx.query('update destination set last_digest_at = $2 where id = $1', [receiver.destinationId, change.now])
}
