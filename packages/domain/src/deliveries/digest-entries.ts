import type { NoticeAlert } from '@tocsin/contract/notice'
import type { HeldDelivery, Standings } from './digests.read.ts'
import type { DigestEntry } from './message.ts'

export interface Coalesced {
  readonly entries: readonly DigestEntry[]
  /** Those that are told, each with the place of the last entry that tells of it. */
  readonly rows: readonly { readonly held: HeldDelivery; readonly lastEntry: number }[]
}

/**
 * One entry for each event and for each alert: what was held of an alert first and last is one story. Messages beyond `entriesMax` entries
 * are left for another digest, but one message is told whatever its length.
 */
export function coalesce(held: readonly HeldDelivery[], standings: Standings, entriesMax: number): Coalesced {
  const entries: DigestEntry[] = []
  const rows: { held: HeldDelivery; lastEntry: number }[] = []
  const places = new Map<string, number>()
  for (const delivery of held) {
    if (entries.length > 0 && entries.length + (delivery.alerts?.length ?? 1) > entriesMax) break
    if (!delivery.alerts) entries.push(entryOfEvent(delivery))
    const told = delivery.alerts?.map((alert) => {
      const known = places.get(alert.id)
      const place = known ?? entries.length
      const first = known === undefined ? undefined : entries[known]
      entries[place] = entryOfAlert(alert, first?.at ?? delivery.at, standings)
      places.set(alert.id, place)
      return place
    })
    rows.push({ held: delivery, lastEntry: told ? Math.max(...told) : entries.length - 1 })
  }
  return { entries, rows }
}

const entryOfEvent = (held: HeldDelivery): DigestEntry => ({
  seq: held.seq,
  type: held.type,
  at: held.at,
  alertId: null,
  severity: null,
  title: held.type,
  site: held.site,
  now: null,
})

const entryOfAlert = (
  alert: Pick<NoticeAlert, 'id' | 'kind' | 'severity' | 'title' | 'site'>,
  at: string,
  standings: Standings,
): DigestEntry => ({
  seq: null,
  type: `alert.${alert.kind}`,
  at,
  alertId: alert.id,
  severity: alert.severity,
  title: alert.title,
  site: alert.site?.name ?? null,
  now: standings.get(alert.id) ?? null,
})
