import { useQuery } from '@tanstack/react-query'
import { getSiteHealth, type HealthHistory, type Site } from '@tocsin/contract/api/sites'
import type { SiteId } from '@tocsin/contract/ids'
import { ThreatType } from '@tocsin/contract/rule'
import { useState } from 'react'
import { useSite } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { LineChart } from '../../ui/line-chart.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { scoreMeaning, typeNames } from './health-words.ts'
import { ThreatCounts } from './site-state.tsx'

const spans = { 7: '7 days', 30: '30 days', 90: '90 days' } as const

/** How the site is, in one number, what it is made of, and how it came to be so. */
export function HealthPanel({ siteId }: { siteId: SiteId }) {
  const { data: site } = useSite(siteId)
  if (!site) return null
  return (
    <section className="card health" aria-label="Health">
      <Now site={site} />
      <Types byType={site.health.byType} />
      <History site={site} />
    </section>
  )
}

function Now({ site }: { site: Site }) {
  const { score } = site.health
  const { tone, word, meaning } = scoreMeaning(score)
  return (
    <div className="health-now" data-tone={tone}>
      <p className="health-score">
        <span className="visually-hidden">Health score: </span>
        <b>{score}</b>
        <span className="muted"> of 100</span>
      </p>
      <div>
        <p>
          <strong>{site.baselineAt ? word : 'Not known yet'}</strong>
        </p>
        <p className="muted">{site.baselineAt ? meaning : 'The score counts from the first complete check on.'}</p>
        <ThreatCounts threats={site.threats} />
      </div>
    </div>
  )
}

function Types({ byType }: { byType: Site['health']['byType'] }) {
  return (
    <dl className="health-types">
      {ThreatType.options.map((type) => (
        <div key={type} data-tone={scoreMeaning(byType[type]).tone}>
          <dt>{typeNames[type]}</dt>
          <dd>{byType[type]}</dd>
          <meter min={0} max={100} value={byType[type]} aria-hidden="true" />
        </div>
      ))}
    </dl>
  )
}

function History({ site }: { site: Site }) {
  const { client, org } = useSigned()
  const [days, setDays] = useState<keyof typeof spans>(30)
  const history = useQuery({
    queryKey: ['health' satisfies Refetched, org.id, site.id, days],
    queryFn: ({ signal }) => client.call(getSiteHealth, { params: { siteId: site.id }, query: { days }, signal }),
  })
  return (
    <div className="health-history">
      <div className="section-head">
        <h3>How it was</h3>
        <select
          className="inline-choice"
          aria-label="Time shown"
          value={days}
          onChange={({ target }) => setDays(target.value === '7' ? 7 : target.value === '90' ? 90 : 30)}
        >
          {Object.entries(spans).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      <Loaded query={history} what="the health history">
        {(past) => <HealthChart history={past} />}
      </Loaded>
    </div>
  )
}

/** The score holds until it changes: the last one holds until now. */
function HealthChart({ history: { data, health } }: { history: HealthHistory }) {
  if (data.length < 2) return <p className="muted">Scores are kept hour by hour: the chart begins with the next change.</p>
  const times = [...data.map(({ at }) => at), new Date().toISOString()]
  const values = [...data.map(({ score }) => score), health.score]
  return (
    <LineChart
      label="Health score over time"
      times={times}
      series={[{ name: 'Health', values }]}
      format={(value) => String(value)}
      bounds={{ min: 0, max: 100 }}
      stepped
    />
  )
}
