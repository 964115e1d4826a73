import type { AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { NoticeKind } from '@tocsin/contract/notice'
import type { Severity } from '@tocsin/contract/rule'

/** What would be told of an alert of one group, in the order of time. */
export interface ToTell {
  readonly at: Date
  readonly fingerprint: string
  readonly kind: NoticeKind
  readonly severity: Severity
  /** Told then at the earliest. */
  readonly notBefore: Date | null
}

export interface AlertMessage {
  readonly at: Date
  readonly critical: boolean
}

type Timing = Pick<AlertRuleInput, 'groupWaitSeconds' | 'groupIntervalSeconds'>
type Waiting = ToTell & { dueMs: number }

/**
 * The messages that a group's notices would become: the first waits for company, later ones for the group's rest, critical ones for
 * nothing. What is over before it was told is not told, and a message that only says what is over is none of those that are limited.
 */
export function messagesOf(notices: readonly ToTell[], timing: Timing): AlertMessage[] {
  const messages: AlertMessage[] = []
  let waiting: Waiting[] = []
  let toldMs = Number.NEGATIVE_INFINITY
  function tellUntil(ms: number): void {
    while (waiting.length > 0) {
      const dueMs = Math.min(...waiting.map((each) => each.dueMs))
      if (dueMs > ms) return
      const told = waiting.filter((each) => each.dueMs === dueMs || each.notBefore === null)
      waiting = waiting.filter((each) => !told.includes(each))
      toldMs = dueMs
      const bad = told.filter(({ kind }) => kind !== 'resolved' && kind !== 'acknowledged')
      if (bad.length > 0) messages.push({ at: new Date(dueMs), critical: bad.some(({ severity }) => severity === 'critical') })
    }
  }
  for (const notice of notices) {
    const atMs = notice.at.getTime()
    tellUntil(atMs)
    const untold = waiting.filter(({ fingerprint }) => fingerprint === notice.fingerprint)
    if (notice.kind === 'resolved' && untold.some(({ kind }) => kind === 'triggered')) {
      waiting = waiting.filter((each) => !untold.includes(each))
      continue
    }
    const groupMs = Math.max(atMs + timing.groupWaitSeconds * 1000, toldMs + timing.groupIntervalSeconds * 1000)
    waiting.push({ ...notice, dueMs: notice.notBefore?.getTime() ?? (notice.severity === 'critical' ? atMs : groupMs) })
  }
  tellUntil(Number.POSITIVE_INFINITY)
  return messages
}

interface Limits {
  readonly daily: number
  readonly criticalReserve: number
}

/** How many of a day's messages its limits let through, if nothing else were told. */
export function withinLimits(messages: readonly AlertMessage[], { daily, criticalReserve }: Limits) {
  const days = Map.groupBy(messages, ({ at }) => at.toISOString().slice(0, 10))
  return [...days]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, told]) => {
      const beyond = told.toSorted((a, b) => a.at.getTime() - b.at.getTime()).slice(daily)
      const reserved = Math.min(criticalReserve, beyond.filter(({ critical }) => critical).length)
      const withinLimit = told.length - beyond.length + reserved
      return { day, messages: told.length, withinLimit, held: told.length - withinLimit }
    })
}
