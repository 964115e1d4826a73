/** The chance of a value of Student's t as large as this or larger, if there is no difference. */
export function studentTail(t: number, degrees: number): number {
  if (degrees <= 0 || Number.isNaN(t)) return 1
  if (!Number.isFinite(t)) return t > 0 ? 0 : 1
  const half = 0.5 * incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5)
  return t >= 0 ? half : 1 - half
}

/** The regularised incomplete beta function by its continued fraction (Lentz), good to some 1e-12 for what is asked here. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast only on this side of the mean.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a)
  const front = Math.exp(a * Math.log(x) + b * Math.log(1 - x) + logGamma(a + b) - logGamma(a) - logGamma(b)) / a
  return front * fraction(x, a, b)
}

const tiny = 1e-300
const stepsMax = 300

function fraction(x: number, a: number, b: number): number {
  let c = 1
  let d = 1 / atLeastTiny(1 - ((a + b) * x) / (a + 1))
  let sum = d
  for (let m = 1; m <= stepsMax; m += 1) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / atLeastTiny(1 + even * d)
    c = atLeastTiny(1 + even / c)
    sum *= d * c
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / atLeastTiny(1 + odd * d)
    c = atLeastTiny(1 + odd / c)
    sum *= d * c
    if (Math.abs(d * c - 1) < 1e-14) break
  }
  return sum
}

const atLeastTiny = (value: number): number => (Math.abs(value) < tiny ? tiny : value)

const lanczos = [
  76.180091729471457, -86.505320329416776, 24.014098240830911, -1.231739572450155, 0.001208650973866179, -0.000005395239384953,
]

function logGamma(x: number): number {
  const series = lanczos.reduce((sum, term, n) => sum + term / (x + n + 1), 1.000000000190015)
  return (x + 0.5) * Math.log(x + 5.5) - (x + 5.5) + Math.log((Math.sqrt(2 * Math.PI) * series) / x)
}
