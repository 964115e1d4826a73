import { linePath, scaleOf } from './chart-scale.ts'

const [width, height, edge] = [96, 26, 3]

/** A trend at a glance, for a row of a table that says its numbers as well. `downIsUp`: 1 is the best and stands at the top. */
export function Sparkline({ values, downIsUp = false }: { values: readonly (number | null)[]; downIsUp?: boolean }) {
  const measured = values.filter((value) => value !== null)
  if (measured.length < 2) return <span className="muted">–</span>
  const { min, max } = scaleOf(measured)
  const yOf = (value: number) => {
    const share = (value - min) / (max - min)
    return edge + (downIsUp ? share : 1 - share) * (height - 2 * edge)
  }
  const points = values.map((value, n) =>
    value === null ? null : { x: edge + (n / (values.length - 1)) * (width - 2 * edge), y: yOf(value) },
  )
  const last = points.findLast((point) => point !== null)
  return (
    <svg className="sparkline" width={width} height={height} aria-hidden="true" focusable="false">
      <path className="chart-line" d={linePath(points)} />
      {last && <circle className="chart-dot" cx={last.x} cy={last.y} r="2.5" />}
    </svg>
  )
}
