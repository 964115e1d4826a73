import type { EndpointDefinition } from '../endpoint.ts'
import * as alertRules from './alert-rules.ts'
import * as alerts from './alerts.ts'
import * as auth from './auth.ts'
import * as backlinks from './backlinks.ts'
import * as benchmark from './benchmark.ts'
import { reportBounces, reportDsn } from './bounces.ts'
import * as competitors from './competitors.ts'
import * as components from './components.ts'
import * as deliveries from './deliveries.ts'
import * as destinations from './destinations.ts'
import * as events from './events.ts'
import * as healthCheck from './health-check.ts'
import * as incidents from './incidents.ts'
import * as keywords from './keywords.ts'
import * as maintenances from './maintenances.ts'
import * as notifications from './notifications.ts'
import * as orgs from './orgs.ts'
import * as pages from './pages.ts'
import * as preferences from './preferences.ts'
import * as rankings from './rankings.ts'
import * as rules from './rules.ts'
import * as scans from './scans.ts'
import * as silences from './silences.ts'
import * as sites from './sites.ts'
import * as sources from './sources.ts'
import * as statusPages from './status-pages.ts'
import * as subscribers from './subscribers.ts'
import * as templates from './templates.ts'
import * as threats from './threats.ts'
import * as vitals from './vitals.ts'
import { reportVitals } from './vitals-door.ts'
import * as webhooks from './webhooks.ts'

const isEndpoint = (value: unknown): value is EndpointDefinition =>
  typeof value === 'object' && value !== null && 'path' in value && 'needs' in value

/** Every endpoint, in the order of the documentation. What a slice's file exports is in it: there is no list to forget. */
export const endpoints: EndpointDefinition[] = [
  auth,
  orgs,
  sites,
  pages,
  keywords,
  competitors,
  rankings,
  backlinks,
  benchmark,
  sources,
  scans,
  threats,
  vitals,
  rules,
  alertRules,
  alerts,
  webhooks,
  destinations,
  silences,
  preferences,
  notifications,
  deliveries,
  templates,
  components,
  incidents,
  maintenances,
  statusPages,
  subscribers,
  events,
  healthCheck,
].flatMap((slice) => Object.values<unknown>(slice).filter(isEndpoint))

/** Those, and what is answered before the API's own door. */
export const documentedEndpoints: EndpointDefinition[] = [...endpoints, reportVitals, reportDsn, reportBounces]
