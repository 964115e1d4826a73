import type { EventName } from '@tocsin/contract/events/catalog'

/** What is asked for again when something happens, because no event carries the whole of it. */
export type Refetched =
  | 'session'
  | 'members'
  | 'apiKeys'
  | 'threatDetail'
  | 'executions'
  | 'deliveries'
  | 'deliveryDetail'
  | 'health'
  | 'keywords'
  | 'positions'
  | 'benchmark'
  | 'backlinks'
  | 'beacon'
  | 'ruleSettings'
  | 'pages'
  | 'alertDetail'
  | 'alertDecisions'
  | 'preferences'
  | 'templates'
  | 'org'
  | 'recovery'
  | 'webhooks'
  | 'components'
  | 'incidents'
  | 'maintenances'
  | 'statusPages'
  | 'subscribers'

/** One line per event: whoever adds an event decides here what it means for the screens that are not lists. */
export const refetches = {
  'site.created': [],
  'site.updated': [],
  'site.paused': [],
  'site.resumed': [],
  'site.deleted': [],
  'scan.queued': [],
  'scan.started': [],
  // The ticks of an execution may be lost; when the scan is over its rows are final.
  'scan.completed': ['executions', 'threatDetail', 'pages', 'keywords', 'positions', 'benchmark'],
  'scan.failed': ['executions'],
  'scan.cancelled': ['executions'],
  'scan.progressed': [],
  'execution.started': [],
  'execution.progressed': [],
  'execution.finished': [],
  'threat.detected': ['threatDetail'],
  'threat.updated': ['threatDetail'],
  'threat.acknowledged': ['threatDetail'],
  'threat.accepted': ['threatDetail'],
  'threat.flapped': ['threatDetail'],
  'threat.resolved': ['threatDetail'],
  'threat.summary_changed': ['health'],
  'rule.configured': ['ruleSettings'],
  'alert.triggered': ['alertDetail', 'alertDecisions'],
  'alert.acknowledged': ['alertDetail', 'alertDecisions'],
  'alert.snoozed': ['alertDetail', 'alertDecisions'],
  'alert.updated': ['alertDetail', 'alertDecisions'],
  'alert.suppressed': ['alertDetail', 'alertDecisions'],
  'alert.resolved': ['alertDetail', 'alertDecisions'],
  'silence.created': [],
  'silence.expired': [],
  'alert_rule.created': [],
  // Preferences name the rules that they are about.
  'alert_rule.updated': ['preferences'],
  'alert_rule.deleted': ['preferences'],
  'keyword.created': ['benchmark'],
  'keyword.updated': ['benchmark'],
  'keyword.deleted': ['benchmark'],
  // The event says how many, not which.
  'keyword.changed': ['keywords', 'benchmark'],
  'competitor.created': ['benchmark'],
  'competitor.updated': ['benchmark'],
  'competitor.deleted': ['benchmark', 'backlinks'],
  // The newest measurement of a keyword stands in its row.
  'rankings.recorded': ['keywords', 'positions', 'benchmark'],
  'backlinks.recorded': ['backlinks', 'benchmark'],
  'source.created': [],
  'source.updated': [],
  'source.deleted': [],
  'vitals.beacon_updated': ['beacon'],
  // Each feed listens for its own person itself; here it only says that somebody was told.
  'notification.created': ['alertDecisions'],
  'notification.read': [],
  'preference.changed': ['preferences'],
  'session.created': [],
  'account.password_changed': [],
  // Incidents and maintenances carry the names of their components.
  'component.created': ['components'],
  'component.updated': ['components', 'incidents', 'maintenances'],
  'component.status_changed': ['components'],
  'component.deleted': ['components', 'incidents', 'maintenances'],
  'component_group.created': ['components'],
  'component_group.updated': ['components'],
  'component_group.deleted': ['components'],
  'incident.created': ['incidents'],
  'incident.updated': ['incidents'],
  'incident.resolved': ['incidents'],
  'maintenance.scheduled': ['maintenances'],
  'maintenance.updated': ['maintenances'],
  'maintenance.reminded': ['maintenances'],
  'maintenance.started': ['maintenances'],
  'maintenance.completed': ['maintenances'],
  'maintenance.cancelled': ['maintenances'],
  'status_page.updated': ['statusPages'],
  'template.updated': ['templates'],
  'subscriber.confirmed': ['subscribers'],
  'subscriber.unsubscribed': ['subscribers'],
  'subscriber.quarantined': ['subscribers'],
  'system.degraded': [],
  'system.recovered': [],
  'org.updated': ['session', 'org'],
  'member.joined': ['members'],
  'member.role_changed': ['members', 'session'],
  'member.removed': ['members', 'session'],
  'api_key.created': ['apiKeys'],
  'api_key.revoked': ['apiKeys'],
  'presence.changed': [],
  'delivery.succeeded': ['deliveryDetail', 'alertDecisions'],
  'delivery.failed': ['deliveryDetail', 'alertDecisions'],
  'delivery.exhausted': ['deliveryDetail', 'alertDecisions'],
  'webhook.created': [],
  // Disabling drops what is still to be sent, each without an event of its own.
  'webhook.updated': ['deliveries'],
  'webhook.secret_rotated': [],
  // What was still to be sent to it is dropped, each without an event of its own.
  'webhook.deleted': ['deliveries'],
  // That the offer to recover was taken up stands in the webhook.
  'webhook.recovery_started': ['recovery', 'webhooks'],
  'webhook.recovered': ['deliveries', 'recovery'],
  'endpoint.failing': [],
  'endpoint.warned': [],
  'endpoint.disabled': ['deliveries'],
  'destination.created': [],
  'destination.updated': ['deliveries'],
  'destination.deleted': ['deliveries'],
  'circuit_breaker.tripped': ['deliveries'],
  'circuit_breaker.reset': ['deliveries'],
} satisfies Record<EventName, readonly Refetched[]>
