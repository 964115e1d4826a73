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
  activity: '/activity',
  notifications: '/notifications',
  team: '/team',
  apiKeys: '/api-keys',
  signIn: '/sign-in',
  signUp: '/sign-up',
  /** Opened from an invitation's link. */
  invitation: '/invitations/$token',
} as const

/** Served by the api itself, outside the dashboard. */
export const apiReference = '/docs'

/** The switches of the demo site, where there is one. */
export const demoConsole = '/demo'
