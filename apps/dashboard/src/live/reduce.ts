import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import { change, type Order, upsert, without } from './page.ts'
import type { Filters, Items, Page, Snapshot, SnapshotKind, SnapshotOf } from './snapshot.ts'

/** The law: old snapshot + the events after it = new snapshot. An event that does not concern a list leaves it as it is, but for its `asOf`. */
export function reduce(snapshot: Snapshot, event: OrgEvent): Snapshot {
  if (event.seq === null) return reduced(snapshot, event)
  if (event.seq <= snapshot.page.asOf) return snapshot
  const next = reduced(snapshot, event)
  // The kind and its page stay together: only the number changes.
  return { ...next, page: { ...next.page, asOf: event.seq } } as Snapshot
}

function reduced(snapshot: Snapshot, event: OrgEvent): Snapshot {
  if (snapshot.kind === 'feed') return { ...snapshot, page: told(snapshot.page, event) }
  // The table pairs each kind with its pages and each type with its events; here neither is known, only that they were looked up by both.
  const step = (steps[snapshot.kind] as Record<string, unknown>)[event.type] as
    | ((page: unknown, event: OrgEvent, filter: unknown) => unknown)
    | undefined
  return step ? ({ ...snapshot, page: step(snapshot.page, event, snapshot.filter) } as Snapshot) : snapshot
}

/** What a person can take in; older ones are in the journal. */
const feedMax = 200

const told = (page: Page<OrgEvent>, event: OrgEvent): Page<OrgEvent> =>
  event.seq === null ? page : { ...page, data: [event, ...page.data].slice(0, feedMax) }

type EventOf<Type extends EventName> = Extract<OrgEvent, { type: Type }>
type Steps<Kind extends SnapshotKind> = {
  [Type in EventName]?: (page: Page<Items[Kind]>, event: EventOf<Type>, filter: SnapshotOf<Kind>['filter']) => Page<Items[Kind]>
}

const created = { at: (item: { createdAt: string }) => item.createdAt, id: (item: { id: string }) => item.id }
const threatOrder: Order<Items['threats']> = { at: (threat) => threat.firstSeenAt, id: (threat) => threat.id }
const scanOrder: Order<Items['scans']> = { at: (scan) => scan.queuedAt, id: (scan) => scan.id }
const executionOrder: Order<Items['executions']> = { at: (execution) => execution.startedAt, id: (execution) => execution.id }

type SiteEvent = EventOf<'site.created' | 'site.updated' | 'site.paused' | 'site.resumed'>
const putSite = (page: Page<Items['sites']>, { data }: SiteEvent) => upsert(page, data.site, created)

type ThreatEvent = EventOf<`threat.${'detected' | 'updated' | 'acknowledged' | 'accepted' | 'flapped' | 'resolved'}`>
function putThreat(page: Page<Items['threats']>, { data: { threat } }: ThreatEvent, filter: Filters['threats']) {
  if (threat.siteId !== filter.siteId) return page
  return threat.state === filter.state ? upsert(page, threat, threatOrder) : without(page, (other) => other.id === threat.id)
}

type ScanEvent = EventOf<`scan.${'queued' | 'started' | 'completed' | 'failed' | 'cancelled'}`>
const putScan = (page: Page<Items['scans']>, { data: { scan } }: ScanEvent, filter: Filters['scans']) =>
  scan.siteId === filter.siteId ? upsert(page, scan, scanOrder) : page

/** Neither event is numbered: a start that comes after its end changes nothing. */
function putExecution(
  page: Page<Items['executions']>,
  { data: { execution } }: EventOf<'execution.started' | 'execution.finished'>,
  filter: Filters['executions'],
) {
  const known = page.data.find(({ id }) => id === execution.id)
  const isNews = execution.siteId === filter.siteId && (known === undefined || known.status === 'running')
  return isNews ? upsert(page, execution, executionOrder) : page
}

type KeywordEvent = EventOf<'keyword.created' | 'keyword.updated'>
function putKeyword(page: Page<Items['keywords']>, { data: { keyword } }: KeywordEvent, filter: Filters['keywords']) {
  const isIn = keyword.siteId === filter.siteId && keyword.phrase.includes(filter.phrase.trim().toLowerCase())
  return isIn ? upsert(page, keyword, created) : page
}

type CompetitorEvent = EventOf<'competitor.created' | 'competitor.updated'>
const putCompetitor = (
  page: Page<Items['competitors']>,
  { data: { competitor } }: CompetitorEvent,
  filter: Filters['competitors'],
) => (competitor.siteId === filter.siteId ? upsert(page, competitor, created) : page)

type SourceEvent = EventOf<'source.created' | 'source.updated'>
const putSource = (page: Page<Items['sources']>, { data: { source } }: SourceEvent, filter: Filters['sources']) =>
  source.siteId === filter.siteId ? upsert(page, source, created) : page

type AlertEvent = EventOf<`alert.${'triggered' | 'acknowledged' | 'snoozed' | 'updated' | 'resolved'}`>
const alertOrder: Order<Items['alerts']> = { at: (alert) => alert.triggeredAt, id: (alert) => alert.id }
const putAlert = (page: Page<Items['alerts']>, { data: { alert } }: AlertEvent, filter: Filters['alerts']) =>
  alertPasses(alert, filter) ? upsert(page, alert, alertOrder) : without(page, ({ id }) => id === alert.id)

/** As the server filters. */
const alertPasses = (alert: Items['alerts'], { state, severity, siteId, alertRuleId }: Filters['alerts']) =>
  (state === null || (state === 'open' ? alert.state !== 'resolved' : alert.state === state)) &&
  (severity === null || alert.severity === severity) &&
  (siteId === null || alert.siteId === siteId) &&
  (alertRuleId === null || alert.ruleId === alertRuleId)

/** Its alerts stay, and are of no rule any more. */
function loosen(page: Page<Items['alerts']>, { data }: EventOf<'alert_rule.deleted'>, filter: Filters['alerts']) {
  if (filter.alertRuleId === data.alertRuleId) return without(page, () => true)
  if (!page.data.some(({ ruleId }) => ruleId === data.alertRuleId)) return page
  return { ...page, data: page.data.map((alert) => (alert.ruleId === data.alertRuleId ? { ...alert, ruleId: null } : alert)) }
}

/** They are over by then, but for those of components. */
function outlive(page: Page<Items['alerts']>, { data }: EventOf<'site.deleted'>, filter: Filters['alerts']) {
  if (filter.siteId === data.siteId) return without(page, () => true)
  if (!page.data.some(({ siteId }) => siteId === data.siteId)) return page
  return { ...page, data: page.data.map((alert) => (alert.siteId === data.siteId ? { ...alert, siteId: null } : alert)) }
}

const putAlertRule = (page: Page<Items['alertRules']>, { data }: EventOf<'alert_rule.created' | 'alert_rule.updated'>) =>
  upsert(page, data.rule, created)

function putSilence(
  page: Page<Items['silences']>,
  { data: { silence } }: EventOf<'silence.created' | 'silence.expired'>,
  filter: Filters['silences'],
) {
  const state = silence.expiredAt === null ? 'open' : 'expired'
  return state === filter.state ? upsert(page, silence, created) : without(page, ({ id }) => id === silence.id)
}

type DeliveryEvent = EventOf<'delivery.succeeded' | 'delivery.failed' | 'delivery.exhausted'>
const putDelivery = (page: Page<Items['deliveries']>, { data: { delivery } }: DeliveryEvent, filter: Filters['deliveries']) =>
  deliveryPasses(delivery, filter) ? upsert(page, delivery, created) : without(page, ({ id }) => id === delivery.id)

const deliveryPasses = (delivery: Items['deliveries'], { state, webhookId, destinationId }: Filters['deliveries']) =>
  (state === null || delivery.state === state) &&
  (webhookId === null || delivery.webhookId === webhookId) &&
  (destinationId === null || delivery.destinationId === destinationId)

/** A site takes everything of it along. */
const emptyWith = <Item>(page: Page<Item>, { data }: EventOf<'site.deleted'>, filter: { siteId: string }) =>
  data.siteId === filter.siteId ? without(page, () => true) : page

const steps: { [Kind in Exclude<SnapshotKind, 'feed'>]: Steps<Kind> } = {
  sites: {
    'site.created': putSite,
    'site.updated': putSite,
    'site.paused': putSite,
    'site.resumed': putSite,
    'site.deleted': (page, { data }) => without(page, (site) => site.id === data.siteId),
    'threat.summary_changed': (page, { data }) =>
      change(page, data.siteId, created, (site) => ({ ...site, threats: data.summary, health: data.health })),
  },
  threats: {
    'threat.detected': putThreat,
    'threat.updated': putThreat,
    'threat.acknowledged': putThreat,
    'threat.accepted': putThreat,
    'threat.flapped': putThreat,
    'threat.resolved': putThreat,
    'site.deleted': emptyWith,
  },
  scans: {
    'scan.queued': putScan,
    'scan.started': putScan,
    'scan.completed': putScan,
    'scan.failed': putScan,
    'scan.cancelled': putScan,
    // Progress is not numbered: a tick that comes late must not wake a scan that is over.
    'scan.progressed': (page, { data: { scanId, percentage, step, pagesDone, pagesTotal } }) =>
      change(page, scanId, scanOrder, (scan) =>
        scan.state === 'running' ? { ...scan, percentage, step, pagesDone, pagesTotal } : scan,
      ),
    'site.deleted': emptyWith,
  },
  executions: {
    'execution.started': putExecution,
    // Not numbered either: a tick that comes late must not wake an execution that is over.
    'execution.progressed': (page, { data: { executionId, percentage, step } }) =>
      change(page, executionId, executionOrder, (execution) =>
        execution.status === 'running' ? { ...execution, progress: { percentage, step } } : execution,
      ),
    'execution.finished': putExecution,
    'site.deleted': emptyWith,
  },
  keywords: {
    'keyword.created': putKeyword,
    'keyword.updated': putKeyword,
    'keyword.deleted': (page, { data }) => without(page, ({ id }) => id === data.keywordId),
    'site.deleted': emptyWith,
  },
  competitors: {
    'competitor.created': putCompetitor,
    'competitor.updated': putCompetitor,
    'competitor.deleted': (page, { data }) => without(page, ({ id }) => id === data.competitorId),
    'site.deleted': emptyWith,
  },
  sources: {
    'source.created': putSource,
    'source.updated': putSource,
    'source.deleted': (page, { data }) => without(page, ({ id }) => id === data.sourceId),
    'site.deleted': emptyWith,
  },
  webhooks: {
    'webhook.created': (page, { data }) => upsert(page, data.webhook, created),
    'webhook.updated': (page, { data }) => upsert(page, data.webhook, created),
    'endpoint.failing': (page, { data }) => upsert(page, data.webhook, created),
    'endpoint.warned': (page, { data }) => upsert(page, data.webhook, created),
    'endpoint.disabled': (page, { data }) => upsert(page, data.webhook, created),
    'webhook.deleted': (page, { data }) => without(page, (webhook) => webhook.id === data.webhookId),
  },
  destinations: {
    'destination.created': (page, { data }) => upsert(page, data.destination, created),
    'destination.updated': (page, { data }) => upsert(page, data.destination, created),
    'destination.deleted': (page, { data }) => without(page, (destination) => destination.id === data.destinationId),
  },
  deliveries: {
    'delivery.succeeded': putDelivery,
    'delivery.failed': putDelivery,
    'delivery.exhausted': putDelivery,
  },
  alerts: {
    'alert.triggered': putAlert,
    'alert.acknowledged': putAlert,
    'alert.snoozed': putAlert,
    'alert.updated': putAlert,
    'alert.resolved': putAlert,
    'alert_rule.deleted': loosen,
    'site.deleted': outlive,
  },
  alertRules: {
    'alert_rule.created': putAlertRule,
    'alert_rule.updated': putAlertRule,
    'alert_rule.deleted': (page, { data }) => without(page, (rule) => rule.id === data.alertRuleId),
  },
  silences: {
    'silence.created': putSilence,
    'silence.expired': putSilence,
  },
}
