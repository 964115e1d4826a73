/** Every address a person can be at. Links and routes both come from here. */
export const paths = {
  sites: '/',
  site: '/sites/$siteId',
  threat: '/sites/$siteId/threats/$threatId',
  sitePages: '/sites/$siteId/pages',
  siteRankings: '/sites/$siteId/rankings',
  siteVitals: '/sites/$siteId/vitals',
  siteSources: '/sites/$siteId/sources',
  siteRules: '/sites/$siteId/rules',
  alerts: '/alerts',
  /** Mails and chats link to it. */
  alert: '/alerts/$alertId',
  alertRules: '/alerts/rules',
  newAlertRule: '/alerts/rules/new',
  alertRule: '/alerts/rules/$alertRuleId',
  silences: '/alerts/silences',
  mails: '/alerts/mails',
  statusPage: '/status-page',
  incidents: '/status-page/incidents',
  maintenances: '/status-page/maintenances',
  subscribers: '/status-page/subscribers',
  statusPageSettings: '/status-page/settings',
  activity: '/activity',
  notifications: '/notifications',
  preferences: '/preferences',
  team: '/team',
  apiKeys: '/api-keys',
  signIn: '/sign-in',
  signUp: '/sign-up',
  /** Opened from an invitation's link. */
  invitation: '/invitations/$token',
} as const

/** Served by the api itself, outside the dashboard. */
export const apiReference = '/docs'

/** What the public sees, served by the api as well. */
export const publicPage = (slug: string) => `/s/${slug}`

/** The switches of the demo site, where there is one. */
export const demoConsole = '/demo'
