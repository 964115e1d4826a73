/** The middle value; of an even number the mean of the middle two. Null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const above = sorted[Math.floor(sorted.length / 2)]
  const below = sorted[Math.ceil(sorted.length / 2) - 1]
  return above === undefined || below === undefined ? null : (above + below) / 2
}

/** How far values usually are from their median, however wild a few of them are. Zero of nothing. */
export function medianAbsoluteDeviation(values: readonly number[]): number {
  const middle = median(values)
  return middle === null ? 0 : (median(values.map((value) => Math.abs(value - middle))) ?? 0)
}

/** Makes the deviation of normally distributed values their standard deviation. */
export const normalScale = 1.4826

/**
 * By how many robust standard deviations a value is above the usual ones. `floor`: no deviation is taken for smaller, because values that
 * were the same by chance would make a surprise of everything.
 */
export function robustZ(value: number, usual: readonly number[], floor: number): number {
  const middle = median(usual)
  if (middle === null) return 0
  return (value - middle) / (normalScale * Math.max(medianAbsoluteDeviation(usual), floor))
}
