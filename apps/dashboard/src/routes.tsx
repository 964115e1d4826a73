import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  useLocation,
  useNavigate,
} from '@tanstack/react-router'
import { AlertId, AlertRuleId, SiteId, ThreatId } from '@tocsin/contract/ids'
import { useEffect, useState } from 'react'
import { AppShell } from './app-shell.tsx'
import { AlertsScreen } from './features/alerts/alerts-screen.tsx'
import { ApiKeysScreen } from './features/api-keys/api-keys-screen.tsx'
import { SignInScreen } from './features/auth/sign-in-screen.tsx'
import { SignUpScreen } from './features/auth/sign-up-screen.tsx'
import { ActivityScreen } from './features/events/activity-screen.tsx'
import { InvitationScreen } from './features/members/invitation-screen.tsx'
import { TeamScreen } from './features/members/team-screen.tsx'
import { ScanHistory } from './features/scans/scan-history.tsx'
import { ScanNow } from './features/scans/scan-now.tsx'
import { ScanPanel } from './features/scans/scan-panel.tsx'
import { HealthPanel } from './features/sites/health-panel.tsx'
import { SiteScreen } from './features/sites/site-screen.tsx'
import { SitesScreen } from './features/sites/sites-screen.tsx'
import { ThreatBoard } from './features/threats/threat-board.tsx'
import { LiveProvider } from './live/live-provider.tsx'
import { paths } from './paths.ts'
import { SignedProvider, useSession } from './session.tsx'
import { Logo } from './ui/logo.tsx'
import { ProblemNote } from './ui/problem-note.tsx'
import { Empty, Screen } from './ui/screen.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound })
const signIn = createRoute({ getParentRoute: () => root, path: paths.signIn, component: SignInScreen, validateSearch: nextOf })
const signUp = createRoute({ getParentRoute: () => root, path: paths.signUp, component: SignUpScreen, validateSearch: nextOf })

const signed = createRoute({ getParentRoute: () => root, id: 'signed', component: Signed })
const sites = createRoute({ getParentRoute: () => signed, path: paths.sites, component: SitesScreen })
const site = createRoute({
  getParentRoute: () => signed,
  path: paths.site,
  // An address that cannot be a site's is mended before the screen needs it.
  beforeLoad: ({ params }) => {
    if (!SiteId.safeParse(params.siteId).success) throw redirect({ to: paths.sites })
  },
  component: Site,
})
const overview = createRoute({ getParentRoute: () => site, id: 'overview', component: Overview })
const overviewAlone = createRoute({ getParentRoute: () => overview, path: '/' })
const threat = createRoute({
  getParentRoute: () => overview,
  path: 'threats/$threatId',
  beforeLoad: ({ params }) => {
    if (!ThreatId.safeParse(params.threatId).success) throw redirect({ to: paths.sites })
  },
  component: lazyRouteComponent(() => import('./tabs/threat-over-site.tsx'), 'ThreatOverSite'),
})
// What most visits do not need is loaded when it is opened.
const sitePages = createRoute({
  getParentRoute: () => site,
  path: 'pages',
  component: lazyRouteComponent(() => import('./tabs/pages-tab.tsx'), 'PagesTab'),
})
const siteRankings = createRoute({
  getParentRoute: () => site,
  path: 'rankings',
  component: lazyRouteComponent(() => import('./tabs/rankings-tab.tsx'), 'RankingsTab'),
})
const siteVitals = createRoute({
  getParentRoute: () => site,
  path: 'vitals',
  component: lazyRouteComponent(() => import('./tabs/vitals-tab.tsx'), 'VitalsTab'),
})
const siteSources = createRoute({
  getParentRoute: () => site,
  path: 'sources',
  component: lazyRouteComponent(() => import('./tabs/sources-tab.tsx'), 'SourcesTab'),
})
const siteRules = createRoute({
  getParentRoute: () => site,
  path: 'rules',
  component: lazyRouteComponent(() => import('./tabs/rules-tab.tsx'), 'RulesTab'),
})
const alerts = createRoute({ getParentRoute: () => signed, path: paths.alerts, component: Alerts })
const alertList = createRoute({
  getParentRoute: () => alerts,
  id: 'alert-list',
  component: lazyRouteComponent(() => import('./tabs/alerts-tab.tsx'), 'AlertsTab'),
})
const alertListAlone = createRoute({ getParentRoute: () => alertList, path: '/' })
const alert = createRoute({
  getParentRoute: () => alertList,
  path: '$alertId',
  beforeLoad: ({ params }) => {
    if (!AlertId.safeParse(params.alertId).success) throw redirect({ to: paths.alerts })
  },
  component: lazyRouteComponent(() => import('./tabs/alert-over-list.tsx'), 'AlertOverList'),
})
const alertRules = createRoute({
  getParentRoute: () => alerts,
  path: 'rules',
  component: lazyRouteComponent(() => import('./tabs/alert-rules-tab.tsx'), 'AlertRulesTab'),
})
const newAlertRule = createRoute({
  getParentRoute: () => alerts,
  path: 'rules/new',
  component: lazyRouteComponent(() => import('./tabs/alert-rules-tab.tsx'), 'NewAlertRuleTab'),
})
const alertRule = createRoute({
  getParentRoute: () => alerts,
  path: 'rules/$alertRuleId',
  beforeLoad: ({ params }) => {
    if (!AlertRuleId.safeParse(params.alertRuleId).success) throw redirect({ to: paths.alertRules })
  },
  component: lazyRouteComponent(() => import('./tabs/alert-rules-tab.tsx'), 'AlertRuleTab'),
})
const silences = createRoute({
  getParentRoute: () => alerts,
  path: 'silences',
  component: lazyRouteComponent(() => import('./tabs/silences-tab.tsx'), 'SilencesTab'),
})
const mails = createRoute({
  getParentRoute: () => alerts,
  path: 'mails',
  component: lazyRouteComponent(() => import('./tabs/mails-tab.tsx'), 'MailsTab'),
})
const statusPage = createRoute({
  getParentRoute: () => signed,
  path: paths.statusPage,
  component: lazyRouteComponent(() => import('./tabs/status-page-place.tsx'), 'StatusPagePlace'),
})
const components = createRoute({
  getParentRoute: () => statusPage,
  path: '/',
  component: lazyRouteComponent(() => import('./tabs/components-tab.tsx'), 'ComponentsTab'),
})
const incidents = createRoute({
  getParentRoute: () => statusPage,
  path: 'incidents',
  component: lazyRouteComponent(() => import('./tabs/incidents-tab.tsx'), 'IncidentsTab'),
})
const maintenances = createRoute({
  getParentRoute: () => statusPage,
  path: 'maintenances',
  component: lazyRouteComponent(() => import('./tabs/maintenances-tab.tsx'), 'MaintenancesTab'),
})
const subscribers = createRoute({
  getParentRoute: () => statusPage,
  path: 'subscribers',
  component: lazyRouteComponent(() => import('./tabs/subscribers-tab.tsx'), 'SubscribersTab'),
})
const pageSettings = createRoute({
  getParentRoute: () => statusPage,
  path: 'settings',
  component: lazyRouteComponent(() => import('./tabs/page-settings-tab.tsx'), 'PageSettingsTab'),
})
const activity = createRoute({ getParentRoute: () => signed, path: paths.activity, component: ActivityScreen })
const notifications = createRoute({
  getParentRoute: () => signed,
  path: paths.notifications,
  component: lazyRouteComponent(() => import('./tabs/notifications-tab.tsx'), 'NotificationsTab'),
})
const preferences = createRoute({
  getParentRoute: () => signed,
  path: paths.preferences,
  component: lazyRouteComponent(() => import('./features/preferences/preferences-screen.tsx'), 'PreferencesScreen'),
})
const team = createRoute({ getParentRoute: () => signed, path: paths.team, component: TeamScreen })
const apiKeys = createRoute({ getParentRoute: () => signed, path: paths.apiKeys, component: ApiKeysScreen })
const invitation = createRoute({ getParentRoute: () => signed, path: paths.invitation, component: Invitation })

const tree = root.addChildren([
  signIn,
  signUp,
  signed.addChildren([
    sites,
    site.addChildren([
      overview.addChildren([overviewAlone, threat]),
      sitePages,
      siteRankings,
      siteVitals,
      siteSources,
      siteRules,
    ]),
    alerts.addChildren([alertList.addChildren([alertListAlone, alert]), alertRules, newAlertRule, alertRule, silences, mails]),
    statusPage.addChildren([components, incidents, maintenances, subscribers, pageSettings]),
    activity,
    notifications,
    preferences,
    team,
    apiKeys,
    invitation,
  ]),
])

export const createAppRouter = () => createRouter({ routeTree: tree })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}

/** Where to go after signing in: only ever a place of ours. */
function nextOf(search: Record<string, unknown>): { next?: string } {
  const { next } = search
  return typeof next === 'string' && /^\/(?!\/)/.test(next) && next !== paths.sites ? { next } : {}
}

function Signed() {
  const session = useSession()
  if (session.isPending) return <Opening />
  if (session.data === undefined)
    return <ProblemNote error={session.error ?? new Error('No session.')} onRetry={() => void session.refetch()} />
  if (session.data === null) return <ToSignIn />
  return (
    <SignedProvider session={session.data}>
      <LiveProvider>
        <AppShell />
      </LiveProvider>
    </SignedProvider>
  )
}

/** Once: while one leaves, the address is already another. */
function ToSignIn() {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [from] = useState(pathname)
  useEffect(() => {
    void navigate({ to: paths.signIn, search: nextOf({ next: from }), replace: true })
  }, [navigate, from])
  return <Opening />
}

function Opening() {
  return (
    <div className="opening" role="status">
      <Logo size={40} />
      <span className="visually-hidden">Opening Tocsin…</span>
    </div>
  )
}

function Site() {
  const siteId = SiteId.parse(site.useParams().siteId)
  return (
    <SiteScreen siteId={siteId} actions={<ScanNow siteId={siteId} />} key={siteId}>
      <Outlet />
    </SiteScreen>
  )
}

function Overview() {
  const siteId = SiteId.parse(site.useParams().siteId)
  return (
    <>
      <HealthPanel siteId={siteId} />
      <ScanPanel siteId={siteId} />
      <ThreatBoard siteId={siteId} />
      <ScanHistory siteId={siteId} />
      <Outlet />
    </>
  )
}

function Alerts() {
  return (
    <AlertsScreen>
      <Outlet />
    </AlertsScreen>
  )
}

function Invitation() {
  return <InvitationScreen token={invitation.useParams().token} />
}

function NotFound() {
  return (
    <main className="lonely">
      <Screen title="Nothing here">
        <Empty title="This page does not exist.">
          <a href={paths.sites}>All sites</a>
        </Empty>
      </Screen>
    </main>
  )
}
