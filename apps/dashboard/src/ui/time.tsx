import { useSyncExternalStore } from 'react'

/** One timer for all times on the screen. */
const tickMs = 10_000
const listeners = new Set<() => void>()
let nowMs = Date.now()
let timer: ReturnType<typeof setInterval> | undefined

function subscribe(listener: () => void) {
  listeners.add(listener)
  timer ??= setInterval(() => {
    nowMs = Date.now()
    for (const tell of listeners) tell()
  }, tickMs)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, every few seconds. */
export const useNowMs = () => useSyncExternalStore(subscribe, () => nowMs)
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'long' })
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'medium' })
const steps = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

/** How long ago or ahead, kept current; the exact time on hover. */
export function Time({ at }: { at: string }) {
  useNowMs() // Only to be drawn again: between two ticks the time goes on.
  const date = new Date(at)
  return (
    <time dateTime={at} title={exact.format(date)}>
      {ago(date.getTime() - Date.now())}
    </time>
  )
}

function ago(ms: number): string {
  for (const { unit, ms: unitMs } of steps) if (Math.abs(ms) >= unitMs) return relative.format(Math.round(ms / unitMs), unit)
  if (ms > 0) return ms > 15_000 ? 'in less than a minute' : 'in a moment'
  return 'just now'
}

/** 850 ms, 2.4 s, 3 min 10 s. */
export function durationText(ms: number): string {
  if (ms < 1000) return `${ms} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`
}
