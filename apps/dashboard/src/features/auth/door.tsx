import { useQueryClient } from '@tanstack/react-query'
import { Navigate, useRouter, useSearch } from '@tanstack/react-router'
import type { SessionView } from '@tocsin/contract/api/auth'
import { type ReactNode, useEffect } from 'react'
import { paths } from '../../paths.ts'
import { startSession, useSession } from '../../session.tsx'
import { Logo } from '../../ui/logo.tsx'
import { ThemeSwitch } from '../../ui/theme-switch.tsx'

/** What is around the forms that let people in. Who is in already goes on. */
export function Door({ title, children, foot }: { title: string; children: ReactNode; foot: ReactNode }) {
  const session = useSession()
  const next = useNext()
  useEffect(() => {
    document.title = `${title} · Tocsin`
  }, [title])
  if (session.data) return <Navigate to={next} replace />
  return (
    <main className="door">
      <div className="door-card">
        <div className="door-brand">
          <Logo size={44} />
          <p>Tocsin</p>
        </div>
        <h1>{title}</h1>
        {children}
        <p className="door-foot">{foot}</p>
      </div>
      <ThemeSwitch />
    </main>
  )
}

function useNext(): string {
  return useSearch({ strict: false }).next ?? paths.sites
}

/** What to do with the answer of a sign-in or sign-up. */
export function useEnter() {
  const queries = useQueryClient()
  const router = useRouter()
  const next = useNext()
  return (session: SessionView) => {
    startSession(queries, session)
    router.history.push(next)
  }
}
