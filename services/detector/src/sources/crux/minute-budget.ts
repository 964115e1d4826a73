/** Keys that are remembered; each is forgotten a minute after its last use. */
const keysMax = 10_000
const minuteMs = 60_000

export interface MinuteBudget {
  /** False: so many more would be too many in this minute, and none was taken. */
  take(key: string, count: number, now: Date): boolean
}

/** Requests of the last minute by key, over all sites that this process asks for. */
export function createMinuteBudget(perMinute: number): MinuteBudget {
  const taken = new Map<string, { at: number; count: number }[]>()
  return {
    take(key, count, now) {
      const since = now.getTime() - minuteMs
      const recent = (taken.get(key) ?? []).filter(({ at }) => at > since)
      if (recent.reduce((sum, each) => sum + each.count, 0) + count > perMinute) return false
      recent.push({ at: now.getTime(), count })
      taken.delete(key)
      taken.set(key, recent)
      const oldest = taken.keys().next()
      if (taken.size > keysMax && !oldest.done) taken.delete(oldest.value)
      return true
    },
  }
}
