import { queryOptions, type UseQueryResult, useQuery } from '@tanstack/react-query'
import { listAlertRules } from '@tocsin/contract/api/alert-rules'
import { listAlerts } from '@tocsin/contract/api/alerts'
import { listCompetitors } from '@tocsin/contract/api/competitors'
import { listDeliveries } from '@tocsin/contract/api/deliveries'
import { listDestinations } from '@tocsin/contract/api/destinations'
import { listEvents } from '@tocsin/contract/api/events'
import { listKeywords } from '@tocsin/contract/api/keywords'
import { listExecutions, listScans } from '@tocsin/contract/api/scans'
import { listSilences } from '@tocsin/contract/api/silences'
import { getSite, listSites } from '@tocsin/contract/api/sites'
import { listSources } from '@tocsin/contract/api/sources'
import { listThreats, type ThreatState } from '@tocsin/contract/api/threats'
import { listWebhooks } from '@tocsin/contract/api/webhooks'
import { eventDefinition, type OrgEvent } from '@tocsin/contract/events/catalog'
import type { OrgId, SiteId } from '@tocsin/contract/ids'
import { ApiError } from '@tocsin/sdk/api-error'
import type { Client } from '@tocsin/sdk/client'
import { useSigned } from '../session.tsx'
import { liveKey } from './live-cache.ts'
import type { AlertFilter, DeliveryFilter, Items, Page, SnapshotKind, SnapshotOf } from './snapshot.ts'

/** The longest page the API gives; who has more is told that these are the newest. */
const limit = 200
/** What a person looks back on at a glance. */
const glance = 20
const feedLength = 100

export function useSites() {
  return useLive<'sites'>('sites', null, (client, signal) => client.call(listSites, { query: { limit }, signal }))
}

/** From the list, which is live. A site that is further down than the list reaches is asked for by itself. */
export function useSite(siteId: SiteId) {
  const { client, org } = useSigned()
  const sites = useSites()
  const listed = sites.data?.data.find(({ id }) => id === siteId)
  const single = useQuery({
    queryKey: ['site', org.id, siteId],
    queryFn: ({ signal }) => client.call(getSite, { params: { siteId }, signal }),
    enabled: sites.isSuccess && !listed,
    retry: (failures, error) => failures < 2 && !(error instanceof ApiError && error.status === 404),
  })
  const stillThere = sites.data?.nextCursor ? single.data : undefined
  return {
    data: listed ?? stillThere,
    error: listed ? null : (sites.error ?? single.error),
    isGone: sites.isSuccess && !listed && !stillThere && !single.isPending,
  }
}

export function useThreats(siteId: SiteId, state: ThreatState, options: { enabled?: boolean } = {}) {
  const ask = (client: Client, signal: AbortSignal) => client.call(listThreats, { query: { siteId, state, limit }, signal })
  return useLive<'threats'>('threats', { siteId, state }, ask, options)
}

export function useScans(siteId: SiteId) {
  return useLive<'scans'>('scans', { siteId }, (client, signal) =>
    client.call(listScans, { query: { siteId, limit: glance }, signal }),
  )
}

export function useExecutions(siteId: SiteId) {
  return useLive<'executions'>('executions', { siteId }, (client, signal) =>
    client.call(listExecutions, { query: { siteId, limit: glance }, signal }),
  )
}

/** Of a site with many keywords, a search finds the others. */
export function useKeywords(siteId: SiteId, phrase = '') {
  const query = { limit, ...(phrase.trim() === '' ? {} : { phrase: phrase.trim() }) }
  return useLive<'keywords'>('keywords', { siteId, phrase: phrase.trim() }, (client, signal) =>
    client.call(listKeywords, { params: { siteId }, query, signal }),
  )
}

export function useCompetitors(siteId: SiteId) {
  return useLive<'competitors'>('competitors', { siteId }, (client, signal) =>
    client.call(listCompetitors, { params: { siteId }, query: { limit }, signal }),
  )
}

/** When a source was last asked, and how much of its budget is used, moves without an event. */
export function useSources(siteId: SiteId) {
  const ask = (client: Client, signal: AbortSignal) => client.call(listSources, { params: { siteId }, query: { limit }, signal })
  return useLive<'sources'>('sources', { siteId }, ask, { refetchInterval: 30_000 })
}

/** Since when a receiver has failed, and until when it is spared, moves without an event. */
const receiversRefetchedMs = 30_000

export function useWebhooks() {
  const ask = (client: Client, signal: AbortSignal) => client.call(listWebhooks, { query: { limit }, signal })
  return useLive<'webhooks'>('webhooks', null, ask, { refetchInterval: receiversRefetchedMs })
}

export function useDestinations() {
  const ask = (client: Client, signal: AbortSignal) => client.call(listDestinations, { query: { limit }, signal })
  return useLive<'destinations'>('destinations', null, ask, { refetchInterval: receiversRefetchedMs })
}

/** A delivery that is planned, held or suppressed has no event until it is sent: the list is also asked for now and then. */
export function useDeliveries(filter: DeliveryFilter) {
  const query = { limit: 50, ...givenOf(filter) }
  const ask = (client: Client, signal: AbortSignal) => client.call(listDeliveries, { query, signal })
  return useLive<'deliveries'>('deliveries', filter, ask, { refetchInterval: 10_000 })
}

export function useAlerts(filter: AlertFilter) {
  const query = { limit, ...givenOf(filter) }
  return useLive<'alerts'>('alerts', filter, (client, signal) => client.call(listAlerts, { query, signal }))
}

/** What is null leaves nothing out, and is not asked for. */
const givenOf = (filter: object) => Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== null))

/** When a rule is judged next moves without an event. */
export function useAlertRules() {
  const ask = (client: Client, signal: AbortSignal) => client.call(listAlertRules, { query: { limit }, signal })
  return useLive<'alertRules'>('alertRules', null, ask, { refetchInterval: 60_000 })
}

export function useSilences(state: 'open' | 'expired') {
  return useLive<'silences'>('silences', { state }, (client, signal) =>
    client.call(listSilences, { query: { limit, state }, signal }),
  )
}

export function useFeed() {
  return useLive<'feed'>('feed', null, newestEvents)
}

function useLive<Kind extends SnapshotKind>(
  kind: Kind,
  filter: SnapshotOf<Kind>['filter'],
  ask: (client: Client, signal: AbortSignal) => Promise<SnapshotOf<Kind>['page']>,
  more: { enabled?: boolean; refetchInterval?: number } = {},
): UseQueryResult<Page<Items[Kind]>> {
  const { client, org } = useSigned()
  return useQuery({ ...liveQuery(org.id, kind, filter, (signal) => ask(client, signal)), ...more, select: ({ page }) => page })
}

function liveQuery<Kind extends SnapshotKind>(
  orgId: OrgId,
  kind: Kind,
  filter: SnapshotOf<Kind>['filter'],
  ask: (signal: AbortSignal) => Promise<SnapshotOf<Kind>['page']>,
) {
  return queryOptions({
    queryKey: [liveKey, orgId, kind, filter],
    queryFn: async ({ signal }): Promise<SnapshotOf<Kind>> => ({ kind, filter, page: await ask(signal) }),
    staleTime: Number.POSITIVE_INFINITY, // Events keep it fresh.
  })
}

/** The journal is read forwards; its head tells where the newest events begin. */
async function newestEvents(client: Client, signal: AbortSignal): Promise<Page<OrgEvent>> {
  const { head } = await client.call(listEvents, { query: { limit: 1 }, signal })
  const after = Math.max(0, head - feedLength)
  const page = await client.call(listEvents, { query: { after, limit: feedLength * 2 }, signal })
  const asOf = page.reset ? page.head : (page.data.at(-1)?.seq ?? after)
  return { data: page.data.filter(isKnown).reverse(), nextCursor: null, asOf }
}

/** A newer server may tell of things this page has no words for. */
function isKnown(event: { type: string; data?: unknown }): event is OrgEvent {
  return eventDefinition(event.type)?.data.safeParse(event.data).success ?? false
}
