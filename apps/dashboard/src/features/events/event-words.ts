import type { Alert } from '@tocsin/contract/api/alerts'
import type { Delivery } from '@tocsin/contract/api/deliveries'
import type { Threat } from '@tocsin/contract/api/threats'
import type { EventName, OrgEvent } from '@tocsin/contract/events/catalog'
import { sourceKinds } from '@tocsin/contract/sources/catalog'
import type { IconName } from '../../ui/icon.tsx'

interface Told {
  what: string
  about?: string
}
type Words = { [Type in EventName]: (data: Extract<OrgEvent, { type: Type }>['data']) => Told }

/** An event as a person would tell it. */
export function sentenceOf(event: OrgEvent): Told {
  // The table pairs each type with its data, and the function was looked up by the type that this data belongs to.
  const tell = words[event.type] as (data: OrgEvent['data']) => Told
  return tell(event.data)
}

const threat =
  (what: string) =>
  (data: { threat: Threat; site: { name: string } }): Told => ({
    what: `${what}: ${data.threat.title}`,
    about: `${data.site.name} · ${data.threat.subject}`,
  })
const delivery =
  (what: string) =>
  (data: { delivery: Delivery }): Told => ({
    what: `${what} ${channelWords[data.delivery.channel]}`,
    about: data.delivery.eventType,
  })
const channelWords = { webhook: 'to a webhook', email: 'by mail', chat: 'to a destination' } satisfies Record<
  Delivery['channel'],
  string
>
const alert =
  (what: string) =>
  (data: { alert: Alert }): Told => ({ what: `${what}: ${data.alert.title}`, about: data.alert.ruleName })
const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`

const words: Words = {
  'site.created': ({ site }) => ({ what: `${site.name} is watched`, about: site.url }),
  'site.updated': ({ site }) => ({ what: `${site.name} was updated` }),
  'site.paused': ({ site }) => ({ what: `${site.name} was paused` }),
  'site.resumed': ({ site }) => ({ what: `${site.name} is watched again` }),
  'site.deleted': () => ({ what: 'A site was deleted' }),
  'scan.queued': ({ scan }) => ({ what: scan.trigger === 'manual' ? 'A check was asked for' : 'A check was due' }),
  'scan.started': () => ({ what: 'A check has started' }),
  'scan.completed': ({ scan }) => ({
    what: `A check is done: ${count(scan.pagesDone, 'page')}, ${count(scan.threatsFound + scan.suspected, 'finding')}`,
  }),
  'scan.failed': () => ({ what: 'A check could not be made' }),
  'scan.cancelled': () => ({ what: 'A check was cancelled' }),
  'scan.progressed': ({ percentage }) => ({ what: `A check is at ${percentage} %` }),
  'execution.started': ({ execution }) => ({ what: `The ${execution.agent} part of a check has started` }),
  'execution.progressed': ({ agent, percentage }) => ({ what: `The ${agent} part of a check is at ${percentage} %` }),
  'execution.finished': ({ execution }) => ({ what: `The ${execution.agent} part of a check is over` }),
  'threat.detected': threat('Found'),
  'threat.updated': threat('Changed'),
  'threat.acknowledged': threat('Somebody is on it'),
  'threat.accepted': threat('Accepted as expected'),
  'threat.flapped': threat('Comes and goes'),
  'threat.resolved': threat('Resolved'),
  'threat.summary_changed': ({ summary: { critical, high, medium, low } }) => ({
    what: `Open threats: ${critical} critical, ${high} high, ${medium} medium, ${low} low`,
  }),
  'rule.configured': ({ setting }) => ({ what: 'The thresholds of a rule were changed', about: setting.rule }),
  'alert.triggered': alert('Alert'),
  'alert.acknowledged': alert('Somebody is on the alert'),
  'alert.snoozed': alert('Snoozed'),
  'alert.updated': alert('The alert changed'),
  'alert.suppressed': ({ reason }) => ({ what: 'Nobody was told of a change of an alert', about: reason.replaceAll('_', ' ') }),
  'alert.resolved': alert('The alert is over'),
  'silence.created': ({ silence }) => ({ what: 'Alerts are muted', about: silence.comment }),
  'silence.expired': ({ silence }) => ({ what: 'Alerts are told again', about: silence.comment }),
  'alert_rule.created': ({ rule }) => ({ what: `The alert rule “${rule.name}” was added` }),
  'alert_rule.updated': ({ rule }) => ({ what: `The alert rule “${rule.name}” was changed` }),
  'alert_rule.deleted': () => ({ what: 'An alert rule was deleted' }),
  'keyword.created': ({ keyword }) => ({ what: `The keyword “${keyword.phrase}” is tracked` }),
  'keyword.updated': ({ keyword }) => ({ what: `The keyword “${keyword.phrase}” was changed` }),
  'keyword.deleted': () => ({ what: 'A keyword is no longer tracked' }),
  'keyword.changed': ({ created, updated }) => ({ what: `${count(created, 'keyword')} added, ${updated} changed` }),
  'competitor.created': ({ competitor }) => ({ what: `${competitor.name} is compared with`, about: competitor.domain }),
  'competitor.updated': ({ competitor }) => ({ what: `${competitor.name} was renamed`, about: competitor.domain }),
  'competitor.deleted': () => ({ what: 'A competitor is no longer compared with' }),
  'rankings.recorded': ({ list }) => ({ what: `${count(list.entries, 'position')} recorded`, about: sourceText(list.source) }),
  'backlinks.recorded': ({ list }) => ({ what: `${count(list.entries, 'referring domain')} recorded` }),
  'source.created': ({ source }) => ({ what: `${sourceKinds[source.kind].title} was connected` }),
  'source.updated': ({ source }) => ({ what: `${sourceKinds[source.kind].title} ${sourceStates[source.state]}` }),
  'source.deleted': () => ({ what: 'A source was disconnected' }),
  'vitals.beacon_updated': () => ({ what: 'The vitals script of a site was changed' }),
  'notification.created': ({ unread }) => ({ what: 'Something new is in a feed', about: `${unread} unread` }),
  'notification.read': ({ unread }) => ({ what: 'A feed was read', about: `${unread} unread` }),
  'preference.changed': ({ userId }) => ({
    what: userId === null ? 'What members hear was changed' : 'A member changed what they hear',
  }),
  'session.created': () => ({ what: 'A member signed in' }),
  'account.password_changed': () => ({ what: 'A member changed their password' }),
  'component.created': ({ component }) => ({ what: `${component.name} is on the status page` }),
  'component.updated': ({ component }) => ({ what: `${component.name} was changed` }),
  'component.status_changed': ({ name, newStatus }) => ({ what: `${name}: ${newStatus.replaceAll('_', ' ')}` }),
  'component.deleted': () => ({ what: 'A component was taken from the status page' }),
  'component_group.created': ({ componentGroup }) => ({ what: `The group ${componentGroup.name} was added` }),
  'component_group.updated': ({ componentGroup }) => ({ what: `The group ${componentGroup.name} was changed` }),
  'component_group.deleted': () => ({ what: 'A group of components was deleted' }),
  'incident.created': ({ incident }) => ({ what: `Incident: ${incident.title}`, about: incident.status }),
  'incident.updated': ({ incident }) => ({ what: `The incident goes on: ${incident.title}`, about: incident.status }),
  'incident.resolved': ({ incident }) => ({ what: `The incident is over: ${incident.title}` }),
  'maintenance.scheduled': ({ maintenance }) => ({ what: `Maintenance is planned: ${maintenance.title}` }),
  'maintenance.updated': ({ maintenance }) => ({ what: `A maintenance was changed: ${maintenance.title}` }),
  'maintenance.reminded': ({ maintenance }) => ({ what: `Maintenance begins soon: ${maintenance.title}` }),
  'maintenance.started': ({ maintenance }) => ({ what: `Maintenance has begun: ${maintenance.title}` }),
  'maintenance.completed': ({ maintenance }) => ({ what: `Maintenance is over: ${maintenance.title}` }),
  'maintenance.cancelled': ({ maintenance }) => ({ what: `Maintenance was called off: ${maintenance.title}` }),
  'status_page.updated': ({ statusPage }) => ({ what: `The status page ${statusPage.name} was changed` }),
  'template.updated': ({ subject, intro }) => ({
    what: subject === null && intro === null ? 'A mail says again what it always said' : 'The words of a mail were changed',
  }),
  'subscriber.confirmed': ({ subscriber }) => ({ what: 'Somebody subscribed to the status page', about: subscriber.address }),
  'subscriber.unsubscribed': ({ subscriber }) => ({ what: 'Somebody left the status page', about: subscriber.address }),
  'subscriber.quarantined': ({ subscriber }) => ({ what: 'A subscriber cannot be reached', about: subscriber.address }),
  'system.degraded': ({ detail }) => ({ what: 'Tocsin doubts what it sees and looks again', about: detail }),
  'system.recovered': ({ detail }) => ({ what: 'Tocsin trusts what it sees again', about: detail }),
  'delivery.succeeded': delivery('Delivered'),
  'delivery.failed': delivery('First attempt failed, it is tried again:'),
  'delivery.exhausted': delivery('Given up'),
  'webhook.created': ({ webhook }) => ({ what: 'A webhook was added', about: webhook.url }),
  'webhook.updated': ({ webhook }) => ({ what: 'A webhook was changed', about: webhook.url }),
  'webhook.secret_rotated': ({ webhook }) => ({ what: 'A webhook got a new secret', about: webhook.url }),
  'webhook.deleted': () => ({ what: 'A webhook was deleted' }),
  'webhook.recovery_started': () => ({ what: 'What a webhook has missed is being sent' }),
  'webhook.recovered': ({ recovery }) => ({
    what: recovery.state === 'finished' ? 'A webhook has caught up' : 'Catching up of a webhook was cancelled',
  }),
  'endpoint.failing': ({ webhook }) => ({ what: 'A webhook has accepted nothing for a day', about: webhook.url }),
  'endpoint.warned': ({ webhook }) => ({ what: 'A webhook has accepted nothing for three days', about: webhook.url }),
  'endpoint.disabled': ({ webhook }) => ({ what: 'A webhook was disabled', about: webhook.url }),
  'destination.created': ({ destination }) => ({ what: 'A destination was added', about: destination.name }),
  'destination.updated': ({ destination }) => ({ what: 'A destination was changed', about: destination.name }),
  'destination.deleted': () => ({ what: 'A destination was deleted' }),
  'member.joined': ({ member }) => ({ what: `${member.name || member.email} joined as ${member.role}` }),
  'member.role_changed': ({ newRole }) => ({ what: `A member is now ${newRole}` }),
  'member.removed': () => ({ what: 'A member was removed' }),
  'api_key.created': ({ name }) => ({ what: `The API key “${name}” was made` }),
  'api_key.revoked': () => ({ what: 'An API key was revoked' }),
  'org.updated': ({ org }) => ({ what: `${org.name} was changed` }),
  'presence.changed': ({ connections }) => ({ what: `${count(connections, 'page')} open` }),
  'circuit_breaker.tripped': () => ({ what: "The day's alert messages are used up: what follows comes in hourly digests" }),
  'circuit_breaker.reset': () => ({ what: 'A new day: alert messages are sent one by one again' }),
}

const sourceText = (source: string) => (source === 'push' ? 'pushed by a program or by hand' : source)
const sourceStates = { active: 'works', paused: 'is paused', failing: 'does not answer as it should' } as const

/** By what it is about, and by how it ends where that matters. */
export function iconOf(type: EventName): { icon: IconName; tone: string } {
  if (type === 'threat.detected' || type === 'threat.updated') return { icon: 'high', tone: 'bad' }
  if (type === 'alert.triggered') return { icon: 'bell', tone: 'bad' }
  if (type === 'threat.resolved' || type === 'alert.resolved') return { icon: 'check', tone: 'good' }
  if (type === 'threat.flapped' || type === 'system.degraded') return { icon: 'high', tone: 'warn' }
  if (type === 'scan.failed' || type === 'delivery.failed' || type === 'delivery.exhausted') return { icon: 'high', tone: 'warn' }
  const [slice = ''] = type.split('.')
  return { icon: sliceIcons[slice] ?? 'activity', tone: 'off' }
}

const sliceIcons: Record<string, IconName> = {
  site: 'sites',
  scan: 'refresh',
  threat: 'shield',
  delivery: 'send',
  webhook: 'hook',
  endpoint: 'hook',
  destination: 'send',
  component: 'announce',
  component_group: 'announce',
  incident: 'announce',
  maintenance: 'wrench',
  status_page: 'announce',
  subscriber: 'mail',
  member: 'team',
  api_key: 'key',
  rule: 'settings',
  alert: 'bell',
  alert_rule: 'settings',
  silence: 'mute',
  notification: 'bell',
  preference: 'settings',
  template: 'mail',
  keyword: 'chart',
  competitor: 'chart',
  rankings: 'chart',
  backlinks: 'link',
  source: 'plug',
  vitals: 'gauge',
}
