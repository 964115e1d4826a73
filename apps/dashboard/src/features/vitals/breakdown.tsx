import type { VitalSeries } from '@tocsin/contract/api/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import type { VitalMetric } from '@tocsin/contract/vitals'
import { Loaded } from '../../ui/loaded.tsx'
import { useVitals } from './use-vitals.ts'
import { bandWords, formNames, vitalText } from './vitals-words.ts'

/** Where it is slow: on which devices, on which kind of page. */
export function Breakdown({ siteId, metric }: { siteId: SiteId; metric: VitalMetric }) {
  const byForm = useVitals(siteId, { by: 'form', metric })
  const byTemplate = useVitals(siteId, { by: 'template', metric })
  return (
    <div className="breakdowns">
      <Loaded query={byForm} what="devices">
        {({ data }) => (
          <Part title="Device" rows={data.map((series) => ({ name: series.form ? formNames[series.form] : 'All', series }))} />
        )}
      </Loaded>
      <Loaded query={byTemplate} what="kinds of pages">
        {({ data }) => <Part title="Kind of page" rows={data.map((series) => ({ name: series.template ?? 'All', series }))} />}
      </Loaded>
    </div>
  )
}

function Part({ title, rows }: { title: string; rows: readonly { name: string; series: VitalSeries }[] }) {
  const measured = rows.filter(({ series }) => series.n > 0)
  if (measured.length === 0) return null
  return (
    <table className="table table-cards breakdown">
      <thead>
        <tr>
          <th scope="col">{title}</th>
          <th scope="col" className="number">
            75th percentile
          </th>
          <th scope="col">
            <span className="visually-hidden">Judged</span>
          </th>
          <th scope="col" className="number">
            Views
          </th>
        </tr>
      </thead>
      <tbody>
        {measured.map(({ name, series }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="number" data-label="75th percentile">
              {series.p75 === null ? '–' : vitalText(series.metric, series.p75)}
            </td>
            <td data-label="Judged">
              {series.band && (
                <span className="chip" data-tone={bandWords[series.band].tone}>
                  {bandWords[series.band].label}
                </span>
              )}
            </td>
            <td className="number" data-label="Views">
              {series.n.toLocaleString('en')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
