/**
 * How many of those who search click the result at a position, 1 to 20. Our own estimate: rounded from the averages that public studies
 * of organic results have reported over the years, which agree on the shape (about a quarter for the first, a tenth for the third, one
 * or two per cent at the foot of the page) and not on the second digit. It weighs positions against each other; it counts nobody's visits.
 */
const topShares = [
  0.28, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.025, 0.02, 0.018, 0.012, 0.01, 0.009, 0.008, 0.0075, 0.007, 0.0065, 0.006, 0.0055,
  0.005,
]
/** From 21 to 50, and from 51 to 100: few look there at all. Beyond: nobody. */
const thirdPageShare = 0.002
const deepShare = 0.0005
const deepest = 100

/** By position from 1: `shares[0]` is the first. For queries that weigh many positions at once. */
export const clickShares: readonly number[] = Array.from(
  { length: deepest },
  (_, n) => topShares[n] ?? (n < 50 ? thirdPageShare : deepShare),
)

/** Of a median between two positions: in between. Null is absent. */
export function clickShare(position: number | null): number {
  if (position === null || position < 1) return 0
  const below = clickShares[Math.floor(position) - 1] ?? 0
  const above = clickShares[Math.ceil(position) - 1] ?? 0
  return below + (above - below) * (position - Math.floor(position))
}
