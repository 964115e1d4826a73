import { useQuery } from '@tanstack/react-query'
import { type Benchmark, getBenchmark, getVisibility, type VisibilityHistory } from '@tocsin/contract/api/benchmark'
import type { SiteId } from '@tocsin/contract/ids'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { LineChart } from '../../ui/line-chart.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { changeText, visibilityLines } from './visibility.ts'

const days = 90

/** The site beside its competitors. */
export function BenchmarkSection({ siteId }: { siteId: SiteId }) {
  const { client, org } = useSigned()
  const benchmark = useQuery({
    queryKey: ['benchmark' satisfies Refetched, org.id, siteId],
    queryFn: ({ signal }) => client.call(getBenchmark, { params: { siteId }, signal }),
  })
  const visibility = useQuery({
    queryKey: ['benchmark' satisfies Refetched, org.id, siteId, 'visibility'],
    queryFn: ({ signal }) => client.call(getVisibility, { params: { siteId }, query: { days }, signal }),
  })
  return (
    <Section title="Benchmark">
      <Loaded query={benchmark} what="the benchmark">
        {(now) =>
          now.measured === 0 ? (
            <Empty title="Nothing to compare yet.">
              The comparison begins with the first positions of the last three days.{' '}
              {now.keywords === 0 ? 'Add keywords first.' : 'Push a list, or connect a source of positions.'}
            </Empty>
          ) : (
            <>
              <p className="muted prose">
                Visibility is how many visits a month the positions are worth, by how often each position is clicked.{' '}
                {now.measured} of {now.keywords} keywords were measured in the last three days.
              </p>
              <Table benchmark={now} />
              <Loaded query={visibility} what="visibility">
                {(history) => <Chart benchmark={now} history={history} />}
              </Loaded>
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

const number = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

const columns = ['Visibility', '7 days', '28 days', 'Share', 'Ahead', 'Overtakes, 7 days', 'Linking domains']

function Table({ benchmark }: { benchmark: Benchmark }) {
  return (
    <div className="card table-scroll">
      <table className="table table-cards">
        <caption className="visually-hidden">The site beside its competitors</caption>
        <thead>
          <tr>
            <th scope="col">Who</th>
            {columns.map((column) => (
              <th key={column} scope="col" className="number">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {benchmark.parties.map((party) => (
            <Row key={party.domain} party={party} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ party }: { party: Benchmark['parties'][number] }) {
  const { visibility, newReferringDomains } = party
  const isOwn = party.competitorId === null
  return (
    <tr data-own={isOwn}>
      <th scope="row">
        {party.name}
        {isOwn && <span className="muted"> (you)</span>}
      </th>
      <td className="number" data-label="Visibility">
        {visibility.now === null ? '–' : number.format(visibility.now)}
      </td>
      <td className="number" data-label="7 days">
        {changeText(visibility.now, visibility.weekAgo)}
      </td>
      <td className="number" data-label="28 days">
        {changeText(visibility.now, visibility.fourWeeksAgo)}
      </td>
      <td className="number" data-label="Share">
        {party.shareOfVoice === null ? '–' : share.format(party.shareOfVoice)}
      </td>
      <td
        className="number"
        data-label="Ahead"
        title={isOwn ? 'Keywords on which you lead all' : 'Keywords on which it leads you'}
      >
        {party.ahead}
      </td>
      <td className="number" data-label="Overtakes, 7 days">
        {party.overtakes}
      </td>
      <td className="number" data-label="Linking domains">
        {number.format(party.referringDomains)}
        {newReferringDomains.week > 0 && <span className="muted"> +{newReferringDomains.week}</span>}
      </td>
    </tr>
  )
}

function Chart({ benchmark, history }: { benchmark: Benchmark; history: VisibilityHistory }) {
  if (history.days.length < 2) return <p className="muted">The chart begins with the second day that was measured.</p>
  return (
    <div className="card card-inner">
      <LineChart
        label={`Visibility, the last ${days} days`}
        times={history.days.map(({ day }) => day)}
        series={visibilityLines(benchmark, history)}
        format={(value) => number.format(value)}
        bounds={{ min: 0 }}
      />
    </div>
  )
}
