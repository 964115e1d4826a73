import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import { Screen } from '../../ui/screen.tsx'

const tabs = [
  { to: paths.alerts, label: 'Alerts' },
  { to: paths.alertRules, label: 'Rules' },
  { to: paths.silences, label: 'Silences' },
  { to: paths.mails, label: 'Mails' },
] as const

/** What people are told of, why, and in which words: each part at an address of its own. An alert lies over the list. */
export function AlertsScreen({ children }: { children: ReactNode }) {
  const part = useRouterState({ select: ({ location }) => location.pathname.split('/')[2] ?? '' })
  const isHere = (to: string) => (part.startsWith('alr_') ? '' : part) === (to.split('/')[2] ?? '')
  return (
    <Screen title="Alerts" lead="What people are told of, and why they were, or were not.">
      <nav className="tabs" aria-label="Parts of the alerts">
        {tabs.map(({ to, label }) => (
          <Link
            key={to}
            to={to}
            resetScroll={false}
            activeProps={{}}
            activeOptions={{ exact: true }}
            aria-current={isHere(to) ? 'page' : undefined}
          >
            {label}
          </Link>
        ))}
      </nav>
      {children}
    </Screen>
  )
}
