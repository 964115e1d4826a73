/** Doubling from `firstMs`, capped at `maxMs`, then spread over ±20 % so that many who failed together do not come back together. `failures` ≥ 1. */
export function backoffMs(
  failures: number,
  range: { firstMs: number; maxMs: number },
  random: () => number = Math.random,
): number {
  const step = Math.min(range.maxMs, range.firstMs * 2 ** Math.min(failures - 1, 30))
  return spread(step, random)
}

/** `ms` ± 20 %. */
export function spread(ms: number, random: () => number = Math.random): number {
  return Math.round(ms * (0.8 + 0.4 * random()))
}
