import type { AlertState, AlertStep } from '@tocsin/contract/api/alerts'
import type { NoticeKind } from '@tocsin/contract/notice'
import { type Severity, severities } from '@tocsin/contract/rule'
import { afterFlip, calm, declared, type Flapping } from './flapping.ts'
import type { Signal } from './signal.ts'

/**
 *            bad                acknowledged
 *   (none) ───────▶ triggered ───────────────▶ acknowledged
 *                    ▲     │ good                   │ good
 *    bad, in cooldown│     ▼                        ▼
 *                   └── resolved ◀──────────────────┘        bad, later: another alert
 *
 * Beside it stands whether it flaps: while it does, it goes back and forth and nothing is told.
 */
export interface Life extends Flapping {
  readonly state: AlertState
  readonly severity: Severity
  readonly subject: string
  readonly snoozedUntil: Date | null
  readonly occurrences: number
  readonly triggeredAt: Date
  readonly acknowledgedAt: Date | null
  readonly resolvedAt: Date | null
}

export interface Turn {
  /** `opened` is another alert, even where there was one. */
  readonly kind: 'opened' | 'changed'
  readonly life: Life
  readonly event: 'triggered' | 'updated' | 'acknowledged' | 'resolved'
  readonly steps: readonly AlertStep['step'][]
  /** Null: there is nothing to tell. `cooldownUntil`: told then at the earliest. */
  readonly notice: { readonly kind: NoticeKind; readonly cooldownUntil: Date | null } | null
}

export interface Observed {
  /** `closed`: by hand, which says nothing about the thing itself. */
  readonly transition: Signal['transition'] | 'closed'
  readonly subject: string
  readonly severity: Severity
  readonly at: Date
  /** Whether the rule asks for this: else it may change an alert, but open none. */
  readonly opens: boolean
  readonly cooldownSeconds: number
  /** `window`: it is only still as it was. `day`: also, and that is told once a day. */
  readonly again?: 'window' | 'day' | undefined
}

/** What an observation makes of the latest alert with its fingerprint, if there is one. Null: nothing. */
export function turn(before: Life | null, seen: Observed): Turn | null {
  const open = before !== null && before.state !== 'resolved'
  switch (seen.transition) {
    case 'bad':
      return open ? goesOn(before, seen) : begins(before, seen)
    case 'update':
      if (open) return goesOn(before, seen)
      // Somebody closed it, or it was too mild before: only more of it than was known begins anew.
      return before?.subject === seen.subject && !isWorse(seen.severity, before.severity) ? null : begins(before, seen)
    case 'good':
      return open ? ends(before, seen.at) : null
    case 'closed':
      return open ? closes(before, seen.at) : null
    case 'acknowledged':
      return before?.state === 'triggered' ? acknowledged(before, seen.at) : null
    case 'flapping':
      return open && !before.flapping ? comesAndGoes(before, seen.at) : null
  }
}

function begins(before: Life | null, seen: Observed): Turn | null {
  if (!seen.opens) return null
  const flap = afterFlip(before ?? calm, true, seen.at)
  const cooldownUntil = before?.resolvedAt ? new Date(before.resolvedAt.getTime() + seen.cooldownSeconds * 1000) : null
  const again = before !== null && (before.flapping || flap.flapping || (cooldownUntil !== null && seen.at < cooldownUntil))
  const life: Life = {
    ...flap,
    state: 'triggered',
    severity: seen.severity,
    subject: seen.subject,
    snoozedUntil: null,
    occurrences: again ? before.occurrences + 1 : 1,
    triggeredAt: again ? before.triggeredAt : seen.at,
    acknowledgedAt: null,
    resolvedAt: null,
  }
  const told = flapTold(before ?? calm, flap)
  if (!again) return { kind: 'opened', life, event: 'triggered', steps: ['triggered'], notice: noticeOf(told, 'triggered') }
  const steps = told === 'silence' ? [] : (['retriggered', ...(told ? [told] : [])] as const)
  const worse = isWorse(seen.severity, before.severity)
  // Whoever was told of it, and not yet of its end, knows that it is there, but not that it is worse.
  const notice = noticeOf(told, worse ? 'worsened' : 'triggered')
  const held = notice?.kind === 'triggered' ? { ...notice, cooldownUntil } : notice
  return { kind: 'changed', life, event: 'triggered', steps, notice: held }
}

/** Worse is told, though somebody is on it or it is snoozed; milder is not. */
function goesOn(before: Life, seen: Observed): Turn | null {
  const worse = isWorse(seen.severity, before.severity)
  const milder = isWorse(before.severity, seen.severity)
  const same = !worse && !milder
  if (same && seen.again === 'window') return null
  const life: Life = {
    ...before,
    severity: seen.severity,
    subject: seen.subject,
    snoozedUntil: worse ? null : before.snoozedUntil,
    occurrences: before.occurrences + 1,
  }
  const kind = worse ? 'worsened' : same && seen.again === 'day' ? 'reminder' : null
  const notice: Turn['notice'] = kind && !before.flapping ? { kind, cooldownUntil: null } : null
  return { kind: 'changed', life, event: 'updated', steps: worse ? ['worsened'] : milder ? ['eased'] : [], notice }
}

function ends(before: Life, at: Date): Turn {
  const flap = afterFlip(before, false, at)
  const life: Life = { ...before, ...flap, state: 'resolved', snoozedUntil: null, resolvedAt: at }
  const told = flapTold(before, flap)
  const steps = told === 'silence' ? [] : (['resolved', ...(told ? [told] : [])] as const)
  return { kind: 'changed', life, event: 'resolved', steps, notice: noticeOf(told, 'resolved') }
}

/** The thing may be as it was: it has neither become good nor steady. */
function closes(before: Life, at: Date): Turn {
  const life: Life = { ...before, state: 'resolved', snoozedUntil: null, resolvedAt: at }
  const notice = before.flapping ? null : ({ kind: 'resolved', cooldownUntil: null } as const)
  return { kind: 'changed', life, event: 'resolved', steps: ['resolved'], notice }
}

function acknowledged(before: Life, at: Date): Turn {
  const notice = before.flapping ? null : ({ kind: 'acknowledged', cooldownUntil: null } as const)
  const life: Life = { ...before, state: 'acknowledged', acknowledgedAt: at }
  return { kind: 'changed', life, event: 'acknowledged', steps: ['acknowledged'], notice }
}

function comesAndGoes(before: Life, at: Date): Turn {
  const life: Life = { ...before, ...declared(before, at) }
  const notice = { kind: 'flapping_started', cooldownUntil: null } as const
  return { kind: 'changed', life, event: 'updated', steps: ['flapping_started'], notice }
}

/** It has not changed for long enough. */
export function steadied(before: Life): Turn {
  const life: Life = { ...before, flapping: false, steadyAt: null }
  const notice = { kind: 'flapping_stopped', cooldownUntil: null } as const
  return { kind: 'changed', life, event: 'updated', steps: ['flapping_stopped'], notice }
}

/** What is to be told of the flapping in the place of the change itself; null: nothing of it. */
function flapTold(before: Flapping, after: Flapping): 'flapping_started' | 'flapping_stopped' | 'silence' | null {
  if (after.flapping) return before.flapping ? 'silence' : 'flapping_started'
  return before.flapping ? 'flapping_stopped' : null
}

function noticeOf(told: ReturnType<typeof flapTold>, kind: NoticeKind): Turn['notice'] {
  return told === 'silence' ? null : { kind: told ?? kind, cooldownUntil: null }
}

export const isWorse = (a: Severity, b: Severity): boolean => severities.indexOf(a) < severities.indexOf(b)
