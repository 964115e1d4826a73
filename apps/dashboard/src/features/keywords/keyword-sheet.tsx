import { useMutation, useQuery } from '@tanstack/react-query'
import { deleteKeyword, getKeywordHistory, type Keyword, type KeywordHistory, updateKeyword } from '@tocsin/contract/api/keywords'
import { useState } from 'react'
import { useCompetitors } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { LineChart } from '../../ui/line-chart.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { positionText } from './positions.ts'

/** Beyond these, lines can no longer be told apart. */
const rivalsMax = 4
const days = 90

/** One keyword: where it stood beside its competitors, and each newest measurement. */
export function KeywordSheet({ keyword, onClose }: { keyword: Keyword; onClose: () => void }) {
  const { client, org, may } = useSigned()
  const history = useQuery({
    queryKey: ['positions' satisfies Refetched, org.id, keyword.id, days],
    queryFn: ({ signal }) =>
      client.call(getKeywordHistory, {
        params: { siteId: keyword.siteId, keywordId: keyword.id },
        query: { days },
        signal,
      }),
  })
  return (
    <Dialog title={keyword.phrase} shape="sheet" onClose={onClose}>
      <p className="muted sheet-line">
        {keyword.country} · {keyword.language ?? 'any language'} · {keyword.device} · now: {positionText(keyword.latest)}
      </p>
      {keyword.latest?.url && <p className="address sheet-subject">{keyword.latest.url}</p>}
      <Loaded query={history} what="the history of the keyword">
        {(past) => (
          <>
            <Chart keyword={keyword} history={past} />
            <Measurements measurements={past.measurements} />
          </>
        )}
      </Loaded>
      {may('write') && (
        <section className="sheet-section">
          <h3>Settings</h3>
          <SearchesForm keyword={keyword} />
          <Remove keyword={keyword} onRemoved={onClose} />
        </section>
      )}
    </Dialog>
  )
}

function Chart({ keyword, history }: { keyword: Keyword; history: KeywordHistory }) {
  const competitors = useCompetitors(keyword.siteId).data?.data ?? []
  if (history.days.length < 2) return <p className="muted">The chart begins with the second day that has a good measurement.</p>
  const rivals = competitors
    .map(({ id, name }) => ({
      name,
      values: history.days.map((day) => day.competitors.find(({ competitorId }) => competitorId === id)?.position ?? null),
    }))
    .filter(({ values }) => values.some((value) => value !== null))
  return (
    <LineChart
      label={`Positions for “${keyword.phrase}”, ${days} days`}
      times={history.days.map(({ day }) => day)}
      series={[{ name: 'Your site', values: history.days.map(({ position }) => position) }, ...rivals.slice(0, rivalsMax)]}
      format={(value) => String(value)}
      bounds={{ min: 1 }}
      downIsUp
    />
  )
}

function Measurements({ measurements }: { measurements: KeywordHistory['measurements'] }) {
  if (measurements.length === 0) return null
  return (
    <section className="sheet-section">
      <h3>Newest measurements</h3>
      <div className="table-scroll">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Position</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {measurements.slice(0, 20).map((measurement) => (
              <tr key={`${measurement.checkedAt} ${measurement.source}`}>
                <td>
                  <Time at={measurement.checkedAt} />
                </td>
                <td>{positionText(measurement)}</td>
                <td className="muted">{measurement.source === 'push' ? 'pushed' : measurement.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function SearchesForm({ keyword }: { keyword: Keyword }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateKeyword,
    read: (data) => ({ monthlySearches: Number(text(data, 'monthlySearches') ?? Number.NaN) }),
    submit: (body) => client.call(updateKeyword, { params: { siteId: keyword.siteId, keywordId: keyword.id }, body }),
    done: () => toast('Saved.'),
  })
  return (
    <form {...form}>
      <TextField
        label="Searches a month"
        name="monthlySearches"
        inputMode="numeric"
        defaultValue={keyword.monthlySearches ?? ''}
        hint="What a position is worth is reckoned from it."
        error={errorOf('monthlySearches')}
      />
      {problem && <ProblemNote error={problem} />}
      <Button type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}

function Remove({ keyword, onRemoved }: { keyword: Keyword; onRemoved: () => void }) {
  const { client } = useSigned()
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => client.call(deleteKeyword, { params: { siteId: keyword.siteId, keywordId: keyword.id } }),
    onSuccess: onRemoved,
    onError: () => setAsking(false),
  })
  return (
    <>
      <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
        Stop tracking
      </Button>
      {asking && (
        <Confirm
          title={`Stop tracking “${keyword.phrase}”?`}
          deed="Stop tracking"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>Its history is deleted for good.</p>
        </Confirm>
      )}
    </>
  )
}
