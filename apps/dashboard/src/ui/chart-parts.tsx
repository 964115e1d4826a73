import type { ChartProps, ChartSeries } from './chart.ts'

/** Which line is which: by colour and by how it is dashed. */
export function Legend({ series }: { series: readonly ChartSeries[] }) {
  if (series.length < 2) return null
  return (
    <ul className="chart-legend" aria-hidden="true">
      {series.map(({ name }, index) => (
        <li key={name} data-series={index % 6}>
          <svg width="22" height="8" aria-hidden="true" focusable="false">
            <line className="chart-line" x1="1" x2="21" y1="4" y2="4" />
          </svg>
          {name}
        </li>
      ))}
    </ul>
  )
}

/** Newest first, and no more than a person reads: the API has them all. */
const rowsMax = 120
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' })
const exactWithTime = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

/** The same numbers for whoever does not see the drawing, or wants to know exactly. */
export function ChartTable({
  label,
  times,
  series,
  textOf,
}: Pick<ChartProps, 'label' | 'times' | 'series'> & { textOf: (value: number | null | undefined) => string }) {
  const order = [...times.keys()].toReversed().slice(0, rowsMax)
  return (
    <details className="disclosure chart-numbers">
      <summary>As a table</summary>
      <div className="table-scroll">
        <table className="table">
          <caption className="visually-hidden">{label}</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              {series.map(({ name }) => (
                <th key={name} scope="col" className="number">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {order.map((n) => (
              <tr key={times[n]}>
                <th scope="row">{timeText(times[n] ?? '')}</th>
                {series.map(({ name, values }) => (
                  <td key={name} className="number">
                    {textOf(values[n])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}

/** A day has no time of day. */
export const timeText = (time: string) => (time.length === 10 ? exact : exactWithTime).format(Date.parse(time))
