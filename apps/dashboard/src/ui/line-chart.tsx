import { type PointerEvent, useLayoutEffect, useRef, useState } from 'react'
import type { ChartProps } from './chart.ts'
import { Axes, Lines, type Plot } from './chart-drawing.tsx'
import { ChartTable, Legend, timeText } from './chart-parts.tsx'
import { nearestIndex, scaleOf } from './chart-scale.ts'

/** Lines over time. Eyes get the drawing and the values under the pointer; everybody gets the same numbers as a table. */
export function LineChart(props: ChartProps) {
  const { label, times, series, format } = props
  const { frame, width } = useWidth()
  const [pointed, setPointed] = useState<number | null>(null)
  const plot = plotOf(props, width)
  const point = (event: PointerEvent<SVGSVGElement>) =>
    setPointed(nearestIndex(plot.xs, event.clientX - event.currentTarget.getBoundingClientRect().left))
  const at = pointed === null ? undefined : times[pointed]
  const textOf = (value: number | null | undefined) => (value === null || value === undefined ? '–' : format(value))
  return (
    <figure className="chart">
      <Legend series={series} />
      <div ref={frame} className="chart-frame">
        <svg
          role="img"
          aria-label={`${label}. The values are in the table below.`}
          width={plot.width}
          height={plot.height}
          onPointerMove={point}
          onPointerDown={point}
          onPointerLeave={() => setPointed(null)}
        >
          <Axes plot={plot} format={format} thresholds={props.thresholds ?? []} />
          <Lines plot={plot} series={series} pointed={pointed} stepped={props.stepped ?? false} />
        </svg>
        {at !== undefined && pointed !== null && (
          <p className="chart-tip" aria-hidden="true">
            {timeText(at)}
            {series.map(({ name, values }) => ` · ${series.length > 1 ? `${name} ` : ''}${textOf(values[pointed])}`)}
          </p>
        )}
      </div>
      <ChartTable label={label} times={times} series={series} textOf={textOf} />
    </figure>
  )
}

const height = 210
const margin = { top: 14, right: 14, bottom: 24, left: 52 }

function plotOf({ times, series, thresholds = [], bounds, downIsUp = false }: ChartProps, width: number): Plot {
  const stamps = times.map((time) => Date.parse(time))
  const [from = 0, to = 0] = [stamps[0], stamps.at(-1)]
  const values = series.flatMap((each) => each.values.filter((value) => value !== null))
  const scale = scaleOf([...values, ...thresholds.map(({ value }) => value)], bounds)
  const inner = { width: Math.max(10, width - margin.left - margin.right), height: height - margin.top - margin.bottom }
  const heightOf = (value: number) => (value - scale.min) / (scale.max - scale.min)
  const shareOf = (stamp: number) => (to === from ? 0.5 : (stamp - from) / (to - from))
  return {
    width,
    height,
    left: margin.left,
    right: width - margin.right,
    top: margin.top,
    bottom: height - margin.bottom,
    stamps,
    scale,
    xs: stamps.map((stamp) => margin.left + shareOf(stamp) * inner.width),
    yOf: (value) => margin.top + (downIsUp ? heightOf(value) : 1 - heightOf(value)) * inner.height,
  }
}

/** Drawn at the width it has, so that its words are as large as all others. */
function useWidth() {
  const frame = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(320)
  useLayoutEffect(() => {
    if (!frame.current) return
    const observer = new ResizeObserver(([entry]) => entry && setWidth(Math.floor(entry.contentRect.width)))
    observer.observe(frame.current)
    return () => observer.disconnect()
  }, [])
  return { frame, width }
}
