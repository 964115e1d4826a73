import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
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
  const router = useRouter()
  useEffect(() => {
    document.title = `${title} · Tocsin`
  }, [title])
  const isIn = Boolean(session.data)
  useEffect(() => {
    if (isIn) router.history.replace(next)
  }, [isIn, next, router])
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

/** What to do with the answer of a sign-in or sign-up: the door sees that somebody is in, and lets them on. */
export function useEnter() {
  const queries = useQueryClient()
  return (session: SessionView) => startSession(queries, session)
}
