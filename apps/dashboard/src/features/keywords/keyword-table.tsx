import { useQuery } from '@tanstack/react-query'
import { getKeywordHistory, type Keyword } from '@tocsin/contract/api/keywords'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { Time } from '../../ui/time.tsx'
import { KeywordSheet } from './keyword-sheet.tsx'
import { type Move, moveOf, positionAgo, positionText, trendOf } from './positions.ts'

const trendDays = 29

export function KeywordTable({ keywords }: { keywords: readonly Keyword[] }) {
  const [open, setOpen] = useState<Keyword | null>(null)
  return (
    <>
      <div className="card table-scroll">
        <table className="table table-cards">
          <caption className="visually-hidden">Positions of the tracked keywords</caption>
          <thead>
            <tr>
              <th scope="col">Keyword</th>
              <th scope="col" className="number">
                Now
              </th>
              <th scope="col" className="number">
                7 days
              </th>
              <th scope="col" className="number">
                28 days
              </th>
              <th scope="col">Trend</th>
              <th scope="col" className="number">
                Searches a month
              </th>
              <th scope="col">Measured</th>
            </tr>
          </thead>
          <tbody>
            {keywords.map((keyword) => (
              <Row key={keyword.id} keyword={keyword} onOpen={() => setOpen(keyword)} />
            ))}
          </tbody>
        </table>
      </div>
      {open && <KeywordSheet keyword={keywords.find(({ id }) => id === open.id) ?? open} onClose={() => setOpen(null)} />}
    </>
  )
}

function Row({ keyword, onOpen }: { keyword: Keyword; onOpen: () => void }) {
  const { client, org } = useSigned()
  const history = useQuery({
    queryKey: ['positions' satisfies Refetched, org.id, keyword.id, trendDays],
    queryFn: ({ signal }) =>
      client.call(getKeywordHistory, {
        params: { siteId: keyword.siteId, keywordId: keyword.id },
        query: { days: trendDays + 3 },
        signal,
      }),
    enabled: keyword.latest !== null,
  })
  const now = new Date()
  const days = history.data?.days ?? []
  const current = keyword.latest?.missing === 'failed' ? undefined : keyword.latest?.position
  return (
    <tr>
      <th scope="row">
        <button type="button" className="link-button" onClick={onOpen}>
          {keyword.phrase}
        </button>
        <span className="muted keyword-where">
          {keyword.country}
          {keyword.language && ` · ${keyword.language}`} · {keyword.device}
        </span>
      </th>
      <td className="number" data-label="Now">
        <strong>{positionText(keyword.latest)}</strong>
      </td>
      {[7, 28].map((ago) => (
        <td key={ago} className="number" data-label={`${ago} days ago`}>
          <Earlier position={positionAgo(days, ago, now)} move={moveOf(current, positionAgo(days, ago, now))} />
        </td>
      ))}
      <td data-label="Trend">
        <Sparkline values={trendOf(days, trendDays, now)} downIsUp />
      </td>
      <td className="number" data-label="Searches a month">
        {keyword.monthlySearches?.toLocaleString('en') ?? '–'}
      </td>
      <td className="muted" data-label="Measured">
        {keyword.latest ? <Time at={keyword.latest.checkedAt} /> : '–'}
      </td>
    </tr>
  )
}

function Earlier({ position, move }: { position: number | null | undefined; move: Move }) {
  return (
    <>
      {position ?? '–'}{' '}
      {move && move.direction !== 'same' && (
        <span className="move" data-direction={move.direction}>
          <Icon name={move.direction} size={11} />
          {move.words}
        </span>
      )}
    </>
  )
}
