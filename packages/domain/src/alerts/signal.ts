import { componentDeleted, componentStatusChanged } from '@tocsin/contract/events/components'
import { incidentCreated } from '@tocsin/contract/events/incidents'
import { threatDetected } from '@tocsin/contract/events/threats'
import type { IncidentId, SiteId } from '@tocsin/contract/ids'
import type { NoticeAlert } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'
import type { DurableEvent } from '@tocsin/journal/read'

/** What happened to the thing: it began, it goes on otherwise, it is over, somebody is on it, or it comes and goes. */
export type Transition = 'bad' | 'update' | 'good' | 'acknowledged' | 'flapping'

/** What an event or a metric says about one thing that can be well or not. */
export interface Signal {
  /** What it is about, the same whenever that comes back. */
  readonly key: string
  /** What outages are of: threat:<id>, site:<id>, component:<id>, incident:<id>, metric:<name>:<id> */
  readonly subject: string
  readonly transition: Transition
  readonly source: string
  /** Of a threat its type; else the slice. */
  readonly topic: string
  /** The detection rule of a threat. */
  readonly detection: string | null
  readonly severity: Severity
  readonly title: string
  readonly siteId: SiteId | null
  /** Subjects whose outage explains this one. */
  readonly parents: readonly string[]
  /** It is itself an outage of its subject. */
  readonly outage: boolean
  readonly facts: AlertFacts
}

export type AlertFacts = Pick<NoticeAlert, 'topic' | 'description' | 'impact' | 'action' | 'facts' | 'path'>

/** Null: the event says nothing of how a thing is, or is none of ours. */
export function signalOf(event: Pick<DurableEvent, 'type' | 'data'>): Signal | null {
  return readers.get(event.type)?.(event) ?? null
}

type Reader = (event: Pick<DurableEvent, 'type' | 'data'>) => Signal | null

const threatTransitions: Partial<Record<string, Transition>> = {
  'threat.detected': 'bad',
  'threat.updated': 'update',
  'threat.acknowledged': 'acknowledged',
  'threat.accepted': 'good',
  'threat.flapped': 'flapping',
  'threat.resolved': 'good',
}

function ofThreat({ type, data }: Pick<DurableEvent, 'type' | 'data'>): Signal | null {
  const read = threatDetected.data.safeParse(data)
  const transition = threatTransitions[type]
  if (!read.success || !transition) return null
  const { threat, site } = read.data
  const ofSite = isSiteOutage(threat, site.url)
  const parents = [...(threat.causeId ? [`threat:${threat.causeId}`] : []), ...(ofSite ? [] : [`site:${site.id}`])]
  return {
    key: `threat:${threat.dedupeKey}`,
    subject: ofSite ? `site:${site.id}` : `threat:${threat.id}`,
    transition,
    source: type,
    topic: threat.type,
    detection: threat.rule,
    severity: threat.severity,
    title: threat.title,
    siteId: threat.siteId,
    parents,
    outage: ofSite,
    facts: {
      topic: threat.type,
      description: threat.description,
      impact: threat.impact,
      action: threat.action,
      facts: [
        { name: 'Site', value: site.name },
        { name: 'About', value: threat.subject },
      ],
      path: `/sites/${site.id}/threats/${threat.id}`,
    },
  }
}

/** Nothing of the site can be seen, or its home page answers with an error: whatever else is found there follows from that. */
const isSiteOutage = (threat: { rule: string; subject: string }, siteUrl: string): boolean =>
  threat.rule === 'crawl.fail' || (threat.rule === 'http.5xx' && threat.subject === siteUrl)

const componentSeverities: Record<string, Severity> = {
  degraded_performance: 'medium',
  partial_outage: 'high',
  major_outage: 'critical',
}

/** A maintenance is neither good nor bad: what was down before it still is until it is operational. */
function ofComponent({ type, data }: Pick<DurableEvent, 'type' | 'data'>): Signal | null {
  const read = componentStatusChanged.data.safeParse(data)
  if (!read.success) return null
  const { component } = read.data
  const severity = componentSeverities[component.status]
  if (!severity && component.status !== 'operational') return null
  const status = component.status.replaceAll('_', ' ')
  return {
    ...quiet,
    key: `component:${component.id}`,
    subject: `component:${component.id}`,
    transition: severity ? 'bad' : 'good',
    source: type,
    topic: 'component',
    severity: severity ?? 'low',
    title: `${component.name}: ${status}`,
    siteId: component.siteId,
    parents: [...component.dependsOn.map((id) => `component:${id}`), ...(component.siteId ? [`site:${component.siteId}`] : [])],
    outage: severity === 'critical' || severity === 'high',
    facts: {
      topic: 'component',
      description: component.description,
      impact: 'Visitors of the status page see it.',
      action: 'Find out why, and open an incident if customers are affected.',
      facts: [
        { name: 'Component', value: component.name },
        { name: 'Status', value: status },
      ],
      path: '/',
    },
  }
}

function ofDeletedComponent({ type, data }: Pick<DurableEvent, 'type' | 'data'>): Signal | null {
  const read = componentDeleted.data.safeParse(data)
  return read.success ? gone(`component:${read.data.componentId}`, type, 'component') : null
}

const incidentSeverities = { none: 'low', minor: 'medium', major: 'high', critical: 'critical' } as const satisfies Record<
  string,
  Severity
>

function ofIncident({ type, data }: Pick<DurableEvent, 'type' | 'data'>): Signal | null {
  const read = incidentCreated.data.safeParse(data)
  if (!read.success) return null
  const { incident, update } = read.data
  const over = type === 'incident.resolved' || incident.status === 'resolved'
  return {
    ...quiet,
    key: `incident:${incident.id}`,
    subject: `incident:${incident.id}`,
    transition: over ? 'good' : type === 'incident.created' ? 'bad' : 'update',
    source: type,
    topic: 'incident',
    severity: incidentSeverities[incident.impact],
    title: incident.title,
    siteId: null,
    facts: {
      topic: 'incident',
      description: (update?.body ?? '').slice(0, descriptionMax),
      impact: `Impact: ${incident.impact}.`,
      action: 'Keep customers informed until it is resolved.',
      facts: [
        { name: 'Status', value: incident.status },
        { name: 'Impact', value: incident.impact },
      ],
      path: incidentPath(incident.id),
    },
  }
}

/** An update may be a whole page of Markdown; a message of an alert quotes its beginning. */
const descriptionMax = 2_000
const incidentPath = (id: IncidentId): string => `/incidents/${id}`

const quiet = { detection: null, parents: [], outage: false } as const

function gone(key: string, source: string, topic: string): Signal {
  const facts = { topic, description: '', impact: '', action: '', facts: [], path: '/' }
  return { ...quiet, key, subject: key, transition: 'good', source, topic, severity: 'low', title: '', siteId: null, facts }
}

const readers = new Map<string, Reader>([
  ['threat.detected', ofThreat],
  ['threat.updated', ofThreat],
  ['threat.acknowledged', ofThreat],
  ['threat.accepted', ofThreat],
  ['threat.flapped', ofThreat],
  ['threat.resolved', ofThreat],
  ['component.status_changed', ofComponent],
  ['component.deleted', ofDeletedComponent],
  ['incident.created', ofIncident],
  ['incident.updated', ofIncident],
  ['incident.resolved', ofIncident],
])

/** The events that say how something is. */
export const signalTypes: readonly string[] = [...readers.keys()]
