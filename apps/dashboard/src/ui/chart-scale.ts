export interface Scale {
  min: number
  max: number
  /** Round numbers between the two, lowest first. */
  ticks: number[]
}

/** Bounds around all values that fall on round numbers. */
export function scaleOf(values: readonly number[], bounds: { min?: number; max?: number } = {}, ticksWanted = 4): Scale {
  const low = bounds.min ?? Math.min(...values)
  const high = Math.max(bounds.max ?? Math.max(...values), low)
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1, ticks: [0, 1] }
  const step = roundStep((high - low || Math.abs(high) || 1) / ticksWanted)
  const min = bounds.min ?? Math.floor(low / step) * step
  const max = bounds.max ?? Math.max(Math.ceil(high / step) * step, min + step)
  const first = Math.ceil(min / step - tolerance)
  const count = Math.floor(max / step + tolerance) - first + 1
  return { min, max, ticks: Array.from({ length: count }, (_, n) => rounded((first + n) * step)) }
}

/** 1, 2 or 5 times a power of ten, not below what is asked for. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5].find((each) => each * power >= rough * (1 - tolerance)) ?? 10
  return factor * power
}

/** Sums of decimal fractions are not exact. */
const tolerance = 1e-9
const rounded = (value: number) => Number(value.toPrecision(12))

export interface Point {
  x: number
  y: number
}

/** A line through the points with a gap where there is none. A stepped line keeps a value until the next one. */
export function linePath(points: readonly (Point | null)[], stepped = false): string {
  let path = ''
  let last: Point | null = null
  for (const point of points) {
    if (point) {
      const at = `${round1(point.x)} ${round1(point.y)}`
      if (last === null) path += `M${at}`
      else path += stepped ? `H${round1(point.x)}V${round1(point.y)}` : `L${at}`
    }
    last = point
  }
  return path
}

const round1 = (value: number) => Math.round(value * 10) / 10

/** The index of what lies nearest; positions ascend. */
export function nearestIndex(positions: readonly number[], x: number): number {
  let nearest = 0
  for (const [index, position] of positions.entries())
    if (Math.abs(position - x) < Math.abs((positions[nearest] ?? 0) - x)) nearest = index
  return nearest
}
