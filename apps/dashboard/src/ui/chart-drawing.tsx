import type { ChartProps, ChartSeries } from './chart.ts'
import { linePath, type Scale } from './chart-scale.ts'

/** Where things are on the drawing, in pixels. */
export interface Plot {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
  stamps: readonly number[]
  xs: readonly number[]
  yOf: (value: number) => number
  scale: Scale
}

const dayText = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', timeZone: 'UTC' })
const hourText = new Intl.DateTimeFormat('en', { hour: 'numeric', minute: '2-digit' })
const dayMs = 86_400_000
/** Below this width there is room for three days only. */
const narrow = 480

export function Axes({
  plot,
  format,
  thresholds,
}: {
  plot: Plot
  format: ChartProps['format']
  thresholds: NonNullable<ChartProps['thresholds']>
}) {
  const { left, right, height, stamps, xs, yOf } = plot
  return (
    <>
      {plot.scale.ticks.map((tick) => (
        <g key={tick}>
          <line className="chart-grid" x1={left} x2={right} y1={yOf(tick)} y2={yOf(tick)} />
          <text className="chart-text" x={left - 8} y={yOf(tick) + 4} textAnchor="end">
            {format(tick)}
          </text>
        </g>
      ))}
      {thresholds.map(({ value, label, tone }) => (
        <g key={label} className="chart-threshold" data-tone={tone}>
          <line x1={left} x2={right} y1={yOf(value)} y2={yOf(value)} />
          <text className="chart-text" x={right} y={yOf(value) - 4} textAnchor="end">
            {label}
          </text>
        </g>
      ))}
      {marksOf(stamps, plot.width < narrow ? 3 : 6).map(({ index, text }) => (
        <text key={index} className="chart-text" x={xs[index]} y={height - 6} textAnchor={anchorOf(index, stamps.length)}>
          {text}
        </text>
      ))}
    </>
  )
}

/** So few values are each shown as a dot. */
const fewValues = 14

export function Lines(props: { plot: Plot; series: readonly ChartSeries[]; pointed: number | null; stepped: boolean }) {
  const { xs, yOf, top, bottom } = props.plot
  return (
    <>
      {props.series.map(({ name, values }, index) => (
        <g key={name} data-series={index % 6}>
          <path
            className="chart-line"
            d={linePath(
              values.map((value, n) => (value === null ? null : { x: xs[n] ?? 0, y: yOf(value) })),
              props.stepped,
            )}
          />
          {dotsOf(values, props.pointed).map((n) => (
            <circle key={n} className="chart-dot" cx={xs[n]} cy={yOf(values[n] ?? 0)} r={n === props.pointed ? 4 : 2.5} />
          ))}
        </g>
      ))}
      {props.pointed !== null && (
        <line className="chart-cursor" x1={xs[props.pointed]} x2={xs[props.pointed]} y1={top} y2={bottom} />
      )}
    </>
  )
}

/** Every value while they are few, else those that no line leads to, and the one under the pointer. */
function dotsOf(values: ChartSeries['values'], pointed: number | null): number[] {
  const isAlone = (n: number) => (values[n - 1] ?? null) === null && (values[n + 1] ?? null) === null
  return [...values.keys()].filter((n) => values[n] !== null && (n === pointed || isAlone(n) || values.length <= fewValues))
}

/** The first, the last, and some between them that are far enough from each other; by the hour where all is within a day. */
function marksOf(stamps: readonly number[], max: number): { index: number; text: string }[] {
  const [from = 0, to = 0] = [stamps[0], stamps.at(-1)]
  const format = to > from && to - from < dayMs ? hourText : dayText
  const marks: { index: number; text: string }[] = []
  for (const index of stamps.keys()) {
    const isFar = (stamps[index] ?? 0) - (stamps[marks.at(-1)?.index ?? 0] ?? 0) >= (to - from) / (max - 1)
    const text = format.format(stamps[index])
    if ((index === 0 || isFar || index === stamps.length - 1) && marks.at(-1)?.text !== text) marks.push({ index, text })
  }
  const [beforeLast, last] = marks.slice(-2)
  const isCrowded = beforeLast && last && (stamps[last.index] ?? 0) - (stamps[beforeLast.index] ?? 0) < (to - from) / (max + 1)
  return isCrowded ? [...marks.slice(0, -2), last] : marks
}

function anchorOf(index: number, count: number): 'start' | 'middle' | 'end' {
  if (count === 1) return 'middle'
  if (index === 0) return 'start'
  return index === count - 1 ? 'end' : 'middle'
}
