/** As Nagios does it: of the last 21 states, how often each differs from the one before it, newer differences weighing more. */
const statesMax = 21
const weightOldest = 0.75
const weightNewest = 1.25
/** Percent. Between them it stays what it was. */
const startsAt = 30
const stopsAt = 25
/**
 * Nagios asks every so often; we hear of changes only. Between two of them the state is taken to have been asked for at this interval, so
 * that what is steady for a while counts as steady.
 */
const sampleMs = 300_000

export interface FlapHistory {
  /** Newest last: whether it was bad. What was before is taken to have been good. */
  readonly flips: readonly boolean[]
  /** Of the newest. */
  readonly flipsAt: Date | null
}

export interface Flapping extends FlapHistory {
  readonly flapping: boolean
  /** Of what flaps: when it will have ceased to, unless it changes again before. */
  readonly steadyAt: Date | null
}

export const calm: Flapping = { flips: [], flipsAt: null, flapping: false, steadyAt: null }

/** What follows from a change of state. */
export function afterFlip(before: Flapping, bad: boolean, at: Date): Flapping {
  const flips = [...sampledUntil(before, at), bad].slice(-statesMax)
  return judged({ flips, flipsAt: at }, before.flapping)
}

/** Whoever watches the thing itself says that it flaps. */
export function declared(before: Flapping, at: Date): Flapping {
  const flips = [...sampledUntil(before, at), true].slice(-statesMax)
  // A day is how far back such a watcher looks: nothing else may tell us that it has become steady.
  return { flips, flipsAt: at, flapping: true, steadyAt: new Date(at.getTime() + 86_400_000) }
}

function judged(history: FlapHistory, flapped: boolean): Flapping {
  const percent = changePercent(history.flips)
  const flapping = flapped ? percent > stopsAt : percent >= startsAt
  return { ...history, flapping, steadyAt: flapping ? steadyAt(history) : null }
}

/** The states of the time since the last change, as if they had been asked for. */
function sampledUntil({ flips, flipsAt }: FlapHistory, at: Date): readonly boolean[] {
  const last = flips.at(-1)
  if (last === undefined || !flipsAt) return flips
  const count = Math.floor((at.getTime() - flipsAt.getTime()) / sampleMs)
  // The sample at the very time of the change is the change itself.
  return [...flips, ...Array.from({ length: Math.min(statesMax, Math.max(0, count)) }, () => last)].slice(-statesMax)
}

function steadyAt({ flips, flipsAt }: FlapHistory): Date | null {
  const last = flips.at(-1)
  if (last === undefined || !flipsAt) return null
  let states = [...flips]
  for (let count = 1; count <= statesMax; count += 1) {
    states = [...states, last].slice(-statesMax)
    if (changePercent(states) <= stopsAt) return new Date(flipsAt.getTime() + count * sampleMs)
  }
  return flipsAt
}

export function changePercent(flips: readonly boolean[]): number {
  const states = [...Array.from({ length: Math.max(0, statesMax - flips.length) }, () => false), ...flips.slice(-statesMax)]
  const steps = statesMax - 1
  let weight = 0
  for (let index = 1; index < statesMax; index += 1)
    if (states[index] !== states[index - 1]) weight += weightOldest + ((index - 1) * (weightNewest - weightOldest)) / (steps - 1)
  return (weight * 100) / steps
}
