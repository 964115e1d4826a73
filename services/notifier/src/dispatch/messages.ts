import { type Notice, type NoticeAlert, type NoticeKind, noticeMessageType } from '@tocsin/contract/notice'
import { severities } from '@tocsin/contract/rule'
import type { Receiver as DeliveryReceiver, PlannedDelivery } from '@tocsin/domain/deliveries/deliveries'
import type { AlertToTell, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import type { Hearing } from './hear.ts'
import { type GroupWorld, nextHour, type Receiver } from './world.ts'

/** What one receiver hears of one notice. */
export interface Entry {
  readonly notice: WaitingNotice
  readonly alert: AlertToTell
  readonly receiver: Receiver
  readonly hearing: Hearing
  /** It tells of an end, or that somebody is on it. */
  readonly good: boolean
}

type Composed = {
  readonly deliveries: readonly PlannedDelivery[]
  /** Each with the place of its delivery. */
  readonly placed: readonly { readonly entry: Entry; readonly delivery: number | null }[]
}

/** As the contract's Notice has it. */
const alertsMax = 50

/**
 * One message to each receiver, with its worst alerts; the rest are counted there and named by the next digest. What is held waits in
 * messages of the same size, so that a digest can name every one.
 */
export function composeMessages(entries: readonly Entry[], world: GroupWorld): Composed {
  const deliveries: PlannedDelivery[] = []
  const placed: Composed['placed'][number][] = []
  for (const own of groupBy(entries, ({ receiver }) => receiver.id)) {
    for (const entry of own) if (entry.hearing.verdict === 'suppressed') placed.push({ entry, delivery: null })
    const sent = byAlert(own.filter(({ hearing }) => hearing.verdict === 'sent'))
    const rest = sent
      .slice(alertsMax)
      .flat()
      .map((entry): Entry => ({ ...entry, hearing: nextDigest(world.now) }))
    const held = [...own.filter(({ hearing }) => hearing.verdict === 'held'), ...rest]
    const parcels = [sent.slice(0, alertsMax), ...groupBy(held, waitOf).flatMap((waiting) => chunks(byAlert(waiting)))]
    for (const parcel of parcels) {
      const [first] = parcel.flat()
      if (!first || first.hearing.verdict === 'suppressed') continue
      const isSent = first.hearing.verdict === 'sent'
      placed.push(...parcel.flat().map((entry) => ({ entry, delivery: deliveries.length })))
      deliveries.push({
        receiver: receiverOf(first.receiver),
        message: messageOf(parcel, isSent ? Math.max(0, sent.length - alertsMax) : 0, world),
        state: isSent ? 'pending' : 'held',
        reason: first.hearing.reason,
        holdUntil: first.hearing.until,
      })
    }
  }
  return { deliveries, placed }
}

function messageOf(
  parcel: readonly (readonly Entry[])[],
  more: number,
  { now, rule, dedupKey, open }: GroupWorld,
): PlannedDelivery['message'] {
  const alerts = parcel.flatMap((entries) => noticeAlertOf(entries) ?? [])
  const name = rule?.name ?? parcel[0]?.[0]?.alert.ruleName ?? ''
  const data: Notice = { rule: name, dedupKey, alerts, more, open }
  return { seq: null, type: noticeMessageType, at: now.toISOString(), data }
}

/** Of several things told of one alert at once, the first of these. */
const kinds: readonly NoticeKind[] = [
  'resolved',
  'triggered',
  'escalated',
  'worsened',
  'flapping_started',
  'flapping_stopped',
  'reminder',
  'acknowledged',
]

function noticeAlertOf(entries: readonly Entry[]): NoticeAlert | null {
  const [first] = entries
  if (!first) return null
  const { alert } = first
  const kind = kinds.find((each) => entries.some(({ notice }) => notice.kind === each)) ?? first.notice.kind
  return {
    id: alert.id,
    kind,
    state: alert.state,
    severity: alert.severity,
    title: alert.title,
    source: alert.source,
    ...alert.facts,
    // To the alert: there one sees what became of it and why one hears of it, and goes on to what it is about.
    path: `/alerts/${alert.id}`,
    site: alert.site,
    triggeredAt: alert.triggeredAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
  }
}

/** Worst first, open before over, newest first. */
function byAlert(entries: readonly Entry[]): Entry[][] {
  const rank = ({ alert }: Entry) => severities.indexOf(alert.severity) * 2 + (alert.state === 'resolved' ? 1 : 0)
  const sorted = [...entries].sort(
    (a, b) =>
      rank(a) - rank(b) || b.alert.triggeredAt.getTime() - a.alert.triggeredAt.getTime() || (a.alert.id < b.alert.id ? -1 : 1),
  )
  return groupBy(sorted, ({ alert }) => alert.id)
}

export const receiverOf = (receiver: Receiver): DeliveryReceiver =>
  receiver.kind === 'destination' ? { destinationId: receiver.id } : { userId: receiver.id }

const nextDigest = (now: Date): Hearing => ({ verdict: 'held', reason: 'hourly_digest', until: nextHour(now) })
const waitOf = ({ hearing }: Entry): string =>
  hearing.verdict === 'held' ? `${hearing.reason} ${hearing.until?.getTime() ?? ''}` : ''

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return [...groups.values()]
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / alertsMax) }, (_, n) => items.slice(n * alertsMax, (n + 1) * alertsMax))
}
