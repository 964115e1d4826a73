import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import type { Route } from '../http/route.ts'
import { alertRuleRoutes } from './alert-rules.ts'
import { alertRoutes } from './alerts.ts'
import { type AuthRoutesDeps, authRoutes } from './auth.ts'
import { competitorRoutes } from './competitors.ts'
import { componentRoutes } from './components.ts'
import { deliveryRoutes } from './deliveries.ts'
import { destinationRoutes } from './destinations.ts'
import { eventRoutes } from './events.ts'
import { healthCheckRoutes } from './health-check.ts'
import { incidentRoutes } from './incidents.ts'
import { keywordRoutes } from './keywords.ts'
import { maintenanceRoutes } from './maintenances.ts'
import { notificationRoutes } from './notifications.ts'
import { orgRoutes } from './orgs.ts'
import { pageRoutes } from './pages.ts'
import { preferenceRoutes } from './preferences.ts'
import { rankingRoutes } from './rankings.ts'
import { ruleRoutes } from './rules.ts'
import { scanRoutes } from './scans.ts'
import { silenceRoutes } from './silences.ts'
import { siteRoutes } from './sites.ts'
import { sourceRoutes } from './sources.ts'
import { statusPageRoutes } from './status-pages.ts'
import { subscriberRoutes } from './subscribers.ts'
import { templateRoutes } from './templates.ts'
import { threatRoutes } from './threats.ts'
import { vitalsRoutes } from './vitals.ts'
import { webhookRoutes } from './webhooks.ts'

export type RoutesDeps = AuthRoutesDeps &
  Parameters<typeof alertRuleRoutes>[0] &
  Parameters<typeof siteRoutes>[0] &
  Parameters<typeof keywordRoutes>[0] &
  Parameters<typeof sourceRoutes>[0] &
  Parameters<typeof webhookRoutes>[0] &
  Parameters<typeof destinationRoutes>[0] &
  Parameters<typeof templateRoutes>[0] &
  Parameters<typeof subscriberRoutes>[0] &
  Parameters<typeof eventRoutes>[0]

/** Every endpoint of the contract has exactly one route, or we do not start. */
export function routesOf(deps: RoutesDeps, endpoints: readonly EndpointDefinition[]): Route[] {
  const routes = [
    ...authRoutes(deps),
    ...orgRoutes(deps),
    ...siteRoutes(deps),
    ...pageRoutes(),
    ...sourceRoutes(deps),
    ...keywordRoutes(deps),
    ...competitorRoutes(),
    ...rankingRoutes(deps),
    ...scanRoutes(),
    ...threatRoutes(),
    ...vitalsRoutes(deps),
    ...ruleRoutes(),
    ...alertRuleRoutes(deps),
    ...alertRoutes(),
    ...webhookRoutes(deps),
    ...destinationRoutes(deps),
    ...silenceRoutes(),
    ...preferenceRoutes(),
    ...notificationRoutes(),
    ...templateRoutes(deps),
    ...deliveryRoutes(),
    ...componentRoutes(deps),
    ...incidentRoutes(),
    ...maintenanceRoutes(),
    ...statusPageRoutes(),
    ...subscriberRoutes(deps),
    ...eventRoutes(deps),
    ...healthCheckRoutes(deps),
  ]
  const odd = oddEndpoints(routes, endpoints)
  if (odd.length > 0) throw new Error(`Endpoints without exactly one route: ${odd.join(', ')}`)
  return routes
}

function oddEndpoints(routes: readonly Route[], endpoints: readonly EndpointDefinition[]): string[] {
  const counts = new Map(endpoints.map((endpoint) => [endpoint.id, 0]))
  for (const { endpoint } of routes) counts.set(endpoint.id, (counts.get(endpoint.id) ?? -1) + 1)
  return [...counts].filter(([, count]) => count !== 1).map(([id]) => id)
}
