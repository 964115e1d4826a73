import type { VitalSeries, VitalsReport } from '@tocsin/contract/api/vitals'
import type { SiteId } from '@tocsin/contract/ids'
import { FormFactor, type VitalMetric, vitalMetrics } from '@tocsin/contract/vitals'
import { useState } from 'react'
import { LineChart } from '../../ui/line-chart.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Breakdown } from './breakdown.tsx'
import { CruxTable } from './crux-table.tsx'
import { MetricCard } from './metric-card.tsx'
import { useVitals, vitalsDays } from './use-vitals.ts'
import { byDay, formNames, metricWords, thresholdLines, vitalText } from './vitals-words.ts'

/** How fast the site is for the people who use it. */
export function VitalsSection({ siteId }: { siteId: SiteId }) {
  const [form, setForm] = useState<FormFactor>()
  const [template, setTemplate] = useState<string>()
  const report = useVitals(siteId, {
    by: 'site',
    ...(form ? { form } : {}),
    ...(template ? { template } : {}),
  })
  return (
    <Section
      title="What visitors experience"
      aside={
        report.data && <Filters report={report.data} form={form} template={template} onForm={setForm} onTemplate={setTemplate} />
      }
    >
      <Loaded query={report} what="web vitals">
        {(data) => (
          <>
            {data.data.some(({ n }) => n > 0) ? (
              <Figures siteId={siteId} report={data} isWhole={!form && !template} />
            ) : (
              <Empty title={form || template ? 'Nobody has measured this.' : 'Nothing has been measured yet.'}>
                {form || template
                  ? 'Choose another device or kind of page.'
                  : 'Put the line below into your pages, open one and leave it again: the first figures are here within a minute.'}
              </Empty>
            )}
            <CruxTable figures={data.crux} />
          </>
        )}
      </Loaded>
    </Section>
  )
}

function Filters(props: {
  report: VitalsReport
  form: FormFactor | undefined
  template: string | undefined
  onForm: (form: FormFactor | undefined) => void
  onTemplate: (template: string | undefined) => void
}) {
  return (
    <div className="button-row">
      <select
        className="inline-choice"
        aria-label="Devices"
        value={props.form ?? ''}
        onChange={({ target }) => props.onForm(FormFactor.options.find((each) => each === target.value))}
      >
        <option value="">All devices</option>
        {FormFactor.options.map((each) => (
          <option key={each} value={each}>
            {formNames[each]}
          </option>
        ))}
      </select>
      {props.report.templates.length > 0 && (
        <select
          className="inline-choice"
          aria-label="Kind of page"
          value={props.template ?? ''}
          onChange={({ target }) => props.onTemplate(target.value || undefined)}
        >
          <option value="">All pages</option>
          {props.report.templates.map(({ template }) => (
            <option key={template} value={template}>
              {template}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}

function Figures({ siteId, report, isWhole }: { siteId: SiteId; report: VitalsReport; isWhole: boolean }) {
  const [chosen, setChosen] = useState<VitalMetric>('LCP')
  const seriesOf = (metric: VitalMetric) => report.data.find((series) => series.metric === metric)
  const shown = seriesOf(chosen)
  return (
    <>
      <div className="metric-cards">
        {vitalMetrics.map((metric) => (
          <MetricCard
            key={metric}
            metric={metric}
            series={seriesOf(metric)}
            isChosen={metric === chosen}
            onChoose={() => setChosen(metric)}
          />
        ))}
      </div>
      <div className="card card-inner vitals-detail">
        <h3>
          {metricWords[chosen].name} ({chosen}), by day
        </h3>
        <p className="muted">
          {metricWords[chosen].what} The line is at the 75th percentile: three of four page views were better.
        </p>
        {shown?.days.some(({ p75 }) => p75 !== null) ? (
          <Chart series={shown} report={report} />
        ) : (
          <p className="muted">Nothing was measured in these {vitalsDays} days.</p>
        )}
        {isWhole && <Breakdown siteId={siteId} metric={chosen} />}
      </div>
    </>
  )
}

function Chart({ series, report }: { series: VitalSeries; report: VitalsReport }) {
  const { metric } = series
  const { days, values } = byDay(series, report)
  return (
    <LineChart
      label={`${metricWords[metric].name} at the 75th percentile, by day`}
      times={days}
      series={[{ name: metric, values }]}
      format={(value) => vitalText(metric, value)}
      thresholds={thresholdLines(metric)}
      bounds={{ min: 0 }}
    />
  )
}
