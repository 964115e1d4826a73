import type { Decision, Situation, Step } from './situation.ts'

const dayMs = 86_400_000
/** So many changes of mind within a day are no news any more. */
export const flipsMin = 3
/** As many as decide, and some to look at. */
const flipsKept = 10

/** Counts how often a threat goes from bad to ok and back, and keeps one that does so all the time from telling each of it. */
export function withFlips(situation: Situation, next: Step): Decision {
  const { held, now } = situation
  const flips = (held?.flips ?? []).filter((at) => now.getTime() - at.getTime() < dayMs)
  if (held?.flapping) return whileFlapping(situation, held.flapping, next, flips)
  if (next.reason === 'confirm') return { ...next, flips: flips.length > 0 ? withNow(flips, now) : flips, flapping: null }
  if (next.reason !== 'resolve') return { ...next, flips, flapping: null }
  const more = withNow(flips, now)
  if (more.length < flipsMin) return { ...next, flips: more, flapping: null }
  return {
    reason: 'flap',
    to: held?.state ?? 'active',
    okSince: next.okSince,
    nextLookAt: steadyAt(more),
    flips: more,
    flapping: 'ok',
  }
}

function whileFlapping({ held, seen, now }: Situation, side: 'bad' | 'ok', next: Step, flips: readonly Date[]): Decision {
  const to = held?.state ?? 'active'
  const turned = next.reason === 'resolve' ? 'ok' : seen.level === 'bad' ? 'bad' : side
  const all = turned === side ? flips : withNow(flips, now)
  if (all.length < flipsMin && seen.level !== 'unknown') {
    if (next.reason === 'resolve') return { ...next, flips: all, flapping: null }
    if (turned === 'bad') return { ...next, reason: 'steady', to, flips: all, flapping: null }
  }
  const okSince = turned === 'ok' ? (next.okSince ?? held?.okSince ?? now) : next.okSince
  return { reason: 'flutter', to, okSince, nextLookAt: earlier(next.nextLookAt, steadyAt(all)), flips: all, flapping: turned }
}

const withNow = (flips: readonly Date[], now: Date): Date[] => [...flips, now].slice(-flipsKept)

/** When there will have been too few flips within a day, if there are no more. */
function steadyAt(flips: readonly Date[]): Date | null {
  const deciding = flips.at(-flipsMin)
  return deciding ? new Date(deciding.getTime() + dayMs) : null
}

const earlier = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b))
