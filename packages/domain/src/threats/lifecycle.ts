import type { Confirmation } from '@tocsin/contract/api/sites'
import { type Severity, severities } from '@tocsin/contract/rule'
import { withFlips } from './flapping.ts'
import type { Decision, Held, Level, Reason, Situation, Step } from './situation.ts'

/**
 *            bad                      bad, two of three
 *  (nothing) ───▶ suspected ─────────────────────▶ active ──by hand──▶ acknowledged
 *      │              │ ok, two of three             │  ok, twice           │
 *      │              └──▶ (nothing)                 └──▶ resolved ◀────────┘
 *      │ bad before the baseline, not critical
 *      └──▶ hygiene ── ok, twice ──▶ (nothing);  grows severe ──▶ suspected
 *
 *  A conclusive verdict skips the looks: bad opens at once, ok resolves at once.
 *  accepted, by hand: silent for ever. A resolved threat has given up its key: seen bad again, it is a new one.
 *
 * Three flips between ok and bad within a day are flapping (flapping.ts): it stays open, one notice is given, then silence until it is
 * steady. If many sites turn bad at once, the detector doubts itself and looks again before it opens anything.
 *
 * Unknown decides nothing. It is looked at again a few times, then left to the next scan.
 */
/** A fault that cannot be measured this often is no suspicion any more; the next scan starts afresh. */
export const unknownLooksMax = 5

export function decide(situation: Situation): Decision {
  return withFlips(situation, heldBack(situation, step(situation)))
}

/** Once: what is still bad when it is looked at again is believed, whoever else is bad. */
function heldBack({ held, seen, doubtful = false, confirmation, now }: Situation, next: Step): Step {
  if (!doubtful || next.reason !== 'confirm' || seen.conclusive || !held || held.heldAt) return next
  return { reason: 'hold', to: 'suspected', okSince: null, nextLookAt: later(now, confirmation.secondSeconds) }
}

function step(situation: Situation): Step {
  const { held } = situation
  if (!held) return appear(situation)
  switch (held.state) {
    case 'suspected':
      return weigh(held, situation)
    case 'hygiene':
    case 'active':
    case 'acknowledged':
      return follow(held, situation)
    case 'accepted':
      return stay(held, 'accepted')
  }
}

function appear({ seen, baseline, confirmation, now }: Situation): Step {
  if (seen.level !== 'bad') return gone('nothing')
  const hygiene: Step = { reason: 'hygiene', to: 'hygiene', okSince: null, nextLookAt: seen.worsensAt ?? null }
  if (seen.dayOne && seen.severity !== 'critical') return hygiene
  if (seen.conclusive) return { reason: 'confirm', to: 'active', okSince: null, nextLookAt: null }
  if (baseline && seen.severity !== 'critical') return hygiene
  return suspect('suspect', confirmation, now)
}

function suspect(reason: Reason, confirmation: Confirmation, now: Date): Step {
  return { reason, to: 'suspected', okSince: null, nextLookAt: later(now, confirmation.firstSeconds) }
}

/** Two of three decide. What is seen before its time (a scan started by hand a moment later) is no independent vote. */
function weigh(held: Held, { seen, confirmation, now }: Situation): Step {
  if (seen.conclusive && seen.level !== 'unknown')
    return seen.level === 'bad' ? { reason: 'confirm', to: 'active', okSince: null, nextLookAt: null } : gone('dismiss')
  if (held.nextLookAt && now < held.nextLookAt) return stay(held, 'too_early')
  const looks = [...held.looks, seen.level]
  const count = (level: Level) => looks.filter((each) => each === level).length
  if (count('bad') >= 2) return { reason: 'confirm', to: 'active', okSince: null, nextLookAt: seen.worsensAt ?? null }
  if (count('ok') >= 2) return gone('dismiss')
  const unknown = count('unknown')
  if (unknown >= unknownLooksMax) return gone('give_up')
  const thirdLook = later(held.firstSeenAt, confirmation.secondSeconds)
  const again = later(now, confirmation.firstSeconds * 2 ** Math.max(0, unknown - 1))
  return {
    reason: seen.level === 'unknown' ? 'unclear' : 'disagree',
    to: 'suspected',
    okSince: null,
    nextLookAt: new Date(Math.max(thirdLook.getTime(), again.getTime())),
  }
}

/** Open threats and hygiene: bad again, or on the way to being gone. */
function follow(held: Held, situation: Situation): Step {
  const { seen, confirmation, now } = situation
  if (seen.level === 'bad') return badAgain(held, situation)
  if (seen.level === 'unknown') return { ...stay(held, 'unclear'), nextLookAt: lookAfterUnknown(held, confirmation, now) }
  if (!held.okSince && !seen.conclusive)
    return { reason: 'first_ok', to: held.state, okSince: now, nextLookAt: later(now, confirmation.resolveSeconds) }
  const okSince = held.okSince ?? now
  const resolvesAt = later(okSince, confirmation.resolveSeconds)
  if (now < resolvesAt && !seen.conclusive) return { ...stay(held, 'ok_too_early'), nextLookAt: resolvesAt }
  return held.state === 'hygiene' ? gone('hygiene_gone') : { reason: 'resolve', to: 'resolved', okSince, nextLookAt: null }
}

function badAgain(held: Held, { seen, baseline, confirmation, now }: Situation): Step {
  const worse = rank(seen.severity) - rank(held.severity)
  const nextLookAt = seen.worsensAt ?? null
  if (held.state === 'hygiene') {
    // A certificate that was to expire in a month on day one, and now is about to, is news after all.
    const severe = seen.severity === 'critical' || (seen.severity === 'high' && !baseline)
    if (worse > 0 && severe) return suspect('hygiene_worsened', confirmation, now)
    return { reason: 'keep', to: 'hygiene', okSince: null, nextLookAt }
  }
  return { reason: worse > 0 ? 'worsened' : worse < 0 ? 'eased' : 'repeat', to: held.state, okSince: null, nextLookAt }
}

/** What is worth asking again: a repair that waits for its second look, and a look that was planned. Not for ever: the next scan asks too. */
function lookAfterUnknown(held: Held, confirmation: Confirmation, now: Date): Date | null {
  if (!held.okSince && (!held.nextLookAt || now < held.nextLookAt)) return held.nextLookAt
  const known = held.looks.findLastIndex((level) => level !== 'unknown')
  const unknown = held.looks.length - known
  return unknown >= unknownLooksMax ? null : later(now, confirmation.firstSeconds * 2 ** (unknown - 1))
}

const rank = (severity: Severity): number => severities.length - severities.indexOf(severity)
const later = (from: Date, seconds: number): Date => new Date(from.getTime() + seconds * 1000)
const gone = (reason: Reason): Step => ({ reason, to: 'nothing', okSince: null, nextLookAt: null })
const stay = (held: Held, reason: Reason): Step => ({
  reason,
  to: held.state,
  okSince: held.okSince,
  nextLookAt: held.nextLookAt,
})
