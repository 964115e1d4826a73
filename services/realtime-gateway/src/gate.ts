export type Gate = <Result>(work: () => Promise<Result>) => Promise<Result>

/** At most `max` at the same time; the others wait in order. */
export function createGate(max: number): Gate {
  const waiting: (() => void)[] = []
  let running = 0
  return async (work) => {
    if (running >= max) await new Promise<void>((enter) => waiting.push(enter))
    else running += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next)
        next() // It takes our place.
      else running -= 1
    }
  }
}
