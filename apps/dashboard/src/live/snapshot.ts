import type { AlertRule } from '@tocsin/contract/api/alert-rules'
import type { Alert, AlertState } from '@tocsin/contract/api/alerts'
import type { Competitor } from '@tocsin/contract/api/competitors'
import type { Delivery, DeliveryState } from '@tocsin/contract/api/deliveries'
import type { Destination } from '@tocsin/contract/api/destinations'
import type { Keyword } from '@tocsin/contract/api/keywords'
import type { Execution, Scan } from '@tocsin/contract/api/scans'
import type { Silence } from '@tocsin/contract/api/silences'
import type { Site } from '@tocsin/contract/api/sites'
import type { Source } from '@tocsin/contract/api/sources'
import type { Threat, ThreatState } from '@tocsin/contract/api/threats'
import type { Webhook } from '@tocsin/contract/api/webhooks'
import type { OrgEvent } from '@tocsin/contract/events/catalog'
import type { AlertRuleId, DestinationId, SiteId, WebhookId } from '@tocsin/contract/ids'
import type { Severity } from '@tocsin/contract/rule'

/** A list as the server answered it. `asOf` is the seq it shows: events after it are still to be applied. */
export interface Page<Item> {
  data: Item[]
  nextCursor: string | null
  asOf: number
}

/** How far one is, is told in passing and kept nowhere: a list that has just been read does not know it yet. */
export type ExecutionView = Execution & { progress?: { percentage: number; step: string } }

export interface Items {
  sites: Site
  threats: Threat
  scans: Scan
  executions: ExecutionView
  keywords: Keyword
  competitors: Competitor
  sources: Source
  webhooks: Webhook
  destinations: Destination
  deliveries: Delivery
  alerts: Alert
  alertRules: AlertRule
  silences: Silence
  feed: OrgEvent
}
export type SnapshotKind = keyof Items

/** What of the alerts is looked at; null leaves nothing out. */
export interface AlertFilter {
  state: AlertState | 'open' | null
  severity: Severity | null
  siteId: SiteId | null
  alertRuleId: AlertRuleId | null
}

/** What of the deliveries is looked at; null leaves nothing out. */
export interface DeliveryFilter {
  state: DeliveryState | null
  webhookId: WebhookId | null
  destinationId: DestinationId | null
}

/** Which of a kind's items a list is about. */
export interface Filters {
  threats: { siteId: SiteId; state: ThreatState }
  scans: { siteId: SiteId }
  executions: { siteId: SiteId }
  keywords: { siteId: SiteId; phrase: string }
  competitors: { siteId: SiteId }
  sources: { siteId: SiteId }
  deliveries: DeliveryFilter
  alerts: AlertFilter
  silences: { state: 'open' | 'expired' }
}

export type SnapshotOf<Kind extends SnapshotKind> = {
  kind: Kind
  filter: Kind extends keyof Filters ? Filters[Kind] : null
  page: Page<Items[Kind]>
}
export type Snapshot = { [Kind in SnapshotKind]: SnapshotOf<Kind> }[SnapshotKind]
