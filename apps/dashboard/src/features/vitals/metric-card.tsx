import type { VitalSeries } from '@tocsin/contract/api/vitals'
import type { VitalMetric } from '@tocsin/contract/vitals'
import { bandWords, metricWords, vitalText } from './vitals-words.ts'

/** One metric in all; pressing it shows it by day. */
export function MetricCard(props: {
  metric: VitalMetric
  series: VitalSeries | undefined
  isChosen: boolean
  onChoose: () => void
}) {
  const { metric, series } = props
  const band = series?.band ? bandWords[series.band] : null
  return (
    <button type="button" className="card metric-card" aria-pressed={props.isChosen} onClick={props.onChoose}>
      <span className="metric-name">
        {metricWords[metric].name} <span className="muted">{metric}</span>
      </span>
      <span className="metric-value" data-tone={band?.tone}>
        {series?.p75 === null || series === undefined ? '–' : vitalText(metric, series.p75)}
      </span>
      <span className="metric-band">
        {band ? (
          <span className="chip" data-tone={band.tone}>
            {band.label}
          </span>
        ) : (
          <span className="muted">no data</span>
        )}
      </span>
      {series && series.n > 0 && (
        <span className="muted metric-share">
          {series.goodShare !== null && `${Math.round(series.goodShare * 100)} % good · `}
          {series.n.toLocaleString('en')} {series.n === 1 ? 'view' : 'views'}
        </span>
      )}
    </button>
  )
}
