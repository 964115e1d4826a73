import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { signOut } from '@tocsin/contract/api/auth'
import { useEffect, useRef } from 'react'
import { useIsDemo } from './demo.ts'
import { SystemAnnouncer } from './features/events/system-announcer.tsx'
import { Bell } from './features/notifications/bell.tsx'
import { ThreatAnnouncer } from './features/threats/threat-announcer.tsx'
import { ConnectionStatus } from './live/connection-status.tsx'
import { apiReference, demoConsole, paths } from './paths.ts'
import { startSession, useSigned } from './session.tsx'
import { Icon, type IconName } from './ui/icon.tsx'
import { Logo } from './ui/logo.tsx'
import { ThemeSwitch } from './ui/theme-switch.tsx'
import { Toasts } from './ui/toasts.tsx'

const places = [
  { to: paths.sites, label: 'Sites', icon: 'sites' },
  { to: paths.alerts, label: 'Alerts', icon: 'bell' },
  { to: paths.statusPage, label: 'Status page', icon: 'announce' },
  { to: paths.activity, label: 'Activity', icon: 'activity' },
  { to: paths.notifications, label: 'Notify', icon: 'send' },
  { to: paths.team, label: 'Team', icon: 'team' },
  { to: paths.apiKeys, label: 'API keys', icon: 'key' },
] as const satisfies readonly { to: string; label: string; icon: IconName }[]

/** What is around every screen of somebody who is signed in. */
export function AppShell() {
  useFocusOnArrival()
  const place = useRouterState({ select: ({ location }) => placeOf(location.pathname) })
  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <header className="sidebar">
        <div className="sidebar-head">
          <Link to={paths.sites} className="brand" aria-label="Tocsin, all sites">
            <Logo size={28} />
            <span>Tocsin</span>
          </Link>
          <Bell />
        </div>
        <OrgChoice />
        <nav className="places" aria-label="Main">
          {places.map(({ to, label, icon }) => (
            <Link key={to} to={to} activeProps={{}} aria-current={to === place ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
            </Link>
          ))}
        </nav>
        <div className="sidebar-foot">
          <ConnectionStatus />
          <FootLinks />
          <ThemeSwitch />
          <Account />
        </div>
      </header>
      <main id="content" className="content" tabIndex={-1}>
        <Outlet />
        <footer className="narrow-foot">
          <FootLinks />
          <ThemeSwitch />
        </footer>
      </main>
      <ThreatAnnouncer />
      <SystemAnnouncer />
      <Toasts />
    </div>
  )
}

/** A site's own screen belongs to the sites, and so for the parts of other places. */
function placeOf(pathname: string): string {
  if (pathname.startsWith('/sites/')) return paths.sites
  if (pathname.startsWith('/status-page')) return paths.statusPage
  return pathname.startsWith('/alerts/') ? paths.alerts : pathname
}

function FootLinks() {
  const isDemo = useIsDemo()
  return (
    <>
      {isDemo && (
        <a className="foot-link" href={demoConsole}>
          Break the demo
          <Icon name="external" size={13} />
        </a>
      )}
      <a className="foot-link" href={apiReference}>
        API reference
        <Icon name="external" size={13} />
      </a>
    </>
  )
}

function OrgChoice() {
  const { session, org, chooseOrg } = useSigned()
  if (session.orgs.length === 1) return <p className="org-name">{org.name}</p>
  return (
    <label className="org-choice">
      <span className="visually-hidden">Organisation</span>
      <select
        value={org.id}
        onChange={({ target }) => {
          const chosen = session.orgs.find(({ id }) => id === target.value)
          if (chosen) chooseOrg(chosen.id)
        }}
      >
        {session.orgs.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Account() {
  const { session, client } = useSigned()
  const queries = useQueryClient()
  const leave = useMutation({ mutationFn: () => client.call(signOut), onSuccess: () => startSession(queries, null) })
  return (
    <div className="account">
      <Link to={paths.preferences} className="account-name" title={`${session.user.email}: what you hear, and when`}>
        {session.user.name || session.user.email}
      </Link>
      <button
        type="button"
        className="icon-button"
        aria-label="Sign out"
        title="Sign out"
        disabled={leave.isPending}
        onClick={() => leave.mutate()}
      >
        <Icon name="out" />
      </button>
    </div>
  )
}

/**
 * On a new screen the focus goes to its heading, so that a screen reader says where one is. A sheet over a screen is not a new one, and who
 * goes through the parts of a site keeps the focus on their names.
 */
function useFocusOnArrival() {
  const screen = useRouterState({
    select: ({ location }) => location.pathname.replace(/^(\/sites\/[^/]+|\/alerts|\/status-page)\/.*$/, '$1'),
  })
  const last = useRef(screen)
  useEffect(() => {
    if (last.current === screen) return
    last.current = screen
    window.scrollTo(0, 0)
    document.querySelector('h1')?.focus({ preventScroll: true })
  }, [screen])
}
