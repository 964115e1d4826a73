import type { CruxFigures } from '@tocsin/contract/api/vitals'
import { bandWords, formNames, vitalText } from './vitals-words.ts'

/** What Chrome's own users measured, as Google publishes it. */
export function CruxTable({ figures }: { figures: readonly CruxFigures[] }) {
  if (figures.length === 0) return null
  return (
    <div className="vitals-detail">
      <h3>Chrome UX Report</h3>
      <div className="card table-scroll">
        <table className="table table-cards">
          <caption className="visually-hidden">Chrome UX Report</caption>
          <thead>
            <tr>
              <th scope="col">Page or origin</th>
              <th scope="col">Device</th>
              <th scope="col">Metric</th>
              <th scope="col" className="number">
                75th percentile
              </th>
              <th scope="col">
                <span className="visually-hidden">Judged</span>
              </th>
              <th scope="col">Days</th>
            </tr>
          </thead>
          <tbody>
            {figures.map((row) => (
              <tr key={`${row.target} ${row.form} ${row.metric}`}>
                <th scope="row" className="address">
                  {row.target}
                </th>
                <td data-label="Device">{formNames[row.form]}</td>
                <td data-label="Metric">{row.metric}</td>
                <td data-label="75th percentile" className="number">
                  {vitalText(row.metric, row.p75)}
                </td>
                <td data-label="Judged">
                  <span className="chip" data-tone={bandWords[row.band].tone}>
                    {bandWords[row.band].label}
                  </span>
                </td>
                <td data-label="Days" className="muted">
                  {row.from} to {row.to}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  )
}
