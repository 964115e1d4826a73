import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useStatusPages } from '../../live/status-lists.ts'
import { paths, publicPage } from '../../paths.ts'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'

const tabs = [
  { to: paths.statusPage, label: 'Components', needs: 'read' },
  { to: paths.incidents, label: 'Incidents', needs: 'read' },
  { to: paths.maintenances, label: 'Maintenance', needs: 'read' },
  { to: paths.subscribers, label: 'Subscribers', needs: 'admin' },
  { to: paths.statusPageSettings, label: 'Settings', needs: 'read' },
] as const

/** What the public sees, in parts that have addresses of their own. */
export function StatusPageScreen({ children }: { children: ReactNode }) {
  const { may } = useSigned()
  const pathname = useRouterState({ select: ({ location }) => location.pathname.replace(/\/$/, '') })
  const page = useStatusPages().data?.data[0]
  return (
    <Screen
      title="Status page"
      lead="What your visitors and subscribers are told."
      actions={
        page?.enabled && (
          <a className="button" href={publicPage(page.slug)} target="_blank" rel="noreferrer">
            <Icon name="external" />
            <span>Open the page</span>
          </a>
        )
      }
    >
      <nav className="tabs" aria-label="Parts of the status page">
        {tabs
          .filter(({ needs }) => may(needs))
          .map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              resetScroll={false}
              activeProps={{}}
              activeOptions={{ exact: true }}
              aria-current={pathname === to ? 'page' : undefined}
            >
              {label}
            </Link>
          ))}
      </nav>
      {children}
    </Screen>
  )
}
