import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Destination } from '@tocsin/contract/api/destinations'
import type { Execution, Scan } from '@tocsin/contract/api/scans'
import type { Site } from '@tocsin/contract/api/sites'
import type { Threat, ThreatState } from '@tocsin/contract/api/threats'
import type { Webhook } from '@tocsin/contract/api/webhooks'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { SiteId } from '@tocsin/contract/ids'

/** A list as the server answered it. `asOf` is the seq it shows: events after it are still to be applied. */
export interface Page<Item> {
  data: Item[]
  nextCursor: string | null
  asOf: number
}

export interface Items {
  sites: Site
  threats: Threat
  scans: Scan
  executions: Execution
  webhooks: Webhook
  destinations: Destination
  deliveries: Delivery
  feed: OrgEvent
}
export type SnapshotKind = keyof Items

/** Which of a kind's items a list is about. */
export interface Filters {
  threats: { siteId: SiteId; state: ThreatState }
  scans: { siteId: SiteId }
  executions: { siteId: SiteId }
}

export type SnapshotOf<Kind extends SnapshotKind> = {
  kind: Kind
  filter: Kind extends keyof Filters ? Filters[Kind] : null
  page: Page<Items[Kind]>
}
export type Snapshot = { [Kind in SnapshotKind]: SnapshotOf<Kind> }[SnapshotKind]
