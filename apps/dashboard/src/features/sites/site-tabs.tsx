import { Link, useRouterState } from '@tanstack/react-router'
import type { SiteId } from '@tocsin/contract/ids'
import { paths } from '../../paths.ts'

const tabs = [
  { to: paths.site, label: 'Overview' },
  { to: paths.sitePages, label: 'Pages' },
  { to: paths.siteRankings, label: 'Rankings' },
  { to: paths.siteVitals, label: 'Vitals' },
  { to: paths.siteSources, label: 'Sources' },
  { to: paths.siteRules, label: 'Rules' },
] as const

/** The parts of a site's screen, each at an address of its own. A threat lies over the overview. */
export function SiteTabs({ siteId }: { siteId: SiteId }) {
  const part = useRouterState({ select: ({ location }) => location.pathname.split('/')[3] ?? '' })
  const isHere = (to: string) => (part === 'threats' ? '' : part) === (to.split('/')[3] ?? '')
  return (
    <nav className="tabs" aria-label="Parts of the site">
      {tabs.map(({ to, label }) => (
        <Link
          key={to}
          to={to}
          params={{ siteId }}
          resetScroll={false}
          activeProps={{}}
          activeOptions={{ exact: true }}
          aria-current={isHere(to) ? 'page' : undefined}
        >
          {label}
        </Link>
      ))}
    </nav>
  )
}
