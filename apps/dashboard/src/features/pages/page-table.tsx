import type { PageSort, SitePage } from '@tocsin/contract/api/pages'
import { Icon } from '../../ui/icon.tsx'
import { Time } from '../../ui/time.tsx'
import { addressText, indexText, statusOf } from './page-words.ts'

const columns = [
  { sort: 'url', label: 'Page', number: false },
  { sort: 'status', label: 'Answer', number: false },
  { sort: null, label: 'In the index', number: false },
  { sort: 'importance', label: 'Importance', number: true },
  { sort: 'depth', label: 'Depth', number: true },
  { sort: 'inlinks', label: 'Linked from', number: true },
  { sort: 'changedAt', label: 'Changed', number: false },
] as const satisfies readonly { sort: PageSort | null; label: string; number: boolean }[]

interface TableProps {
  pages: readonly SitePage[]
  siteUrl: string | undefined
  sort: { by: PageSort; order: 'asc' | 'desc' }
  onSort: (by: PageSort) => void
  onOpen: (page: SitePage) => void
}

export function PageTable({ pages, siteUrl, sort, onSort, onOpen }: TableProps) {
  return (
    <div className="card table-scroll">
      <table className="table table-cards">
        <caption className="visually-hidden">Pages of the site</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.label}
                scope="col"
                className={column.number ? 'number' : undefined}
                aria-sort={column.sort === sort.by ? (sort.order === 'asc' ? 'ascending' : 'descending') : undefined}
              >
                {column.sort === null ? (
                  column.label
                ) : (
                  <button type="button" className="sort-button" onClick={() => onSort(column.sort)}>
                    {column.label}
                    {column.sort === sort.by && <Icon name={sort.order === 'asc' ? 'up' : 'down'} size={11} />}
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pages.map((page) => (
            <Row key={page.url} page={page} siteUrl={siteUrl} onOpen={() => onOpen(page)} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Row({ page, siteUrl, onOpen }: { page: SitePage; siteUrl: string | undefined; onOpen: () => void }) {
  const answer = statusOf(page)
  return (
    <tr>
      <th scope="row" className="page-address">
        <button type="button" className="link-button" onClick={onOpen}>
          {addressText(page.url, siteUrl)}
        </button>
        {page.title && <span className="muted">{page.title}</span>}
      </th>
      <td data-label="Answer">
        <span className="chip" data-tone={answer.tone}>
          {answer.text}
        </span>
      </td>
      <td data-label="In the index">{indexText(page)}</td>
      <td data-label="Importance" className="number">
        {page.importance?.toFixed(1) ?? '–'}
      </td>
      <td data-label="Depth" className="number">
        {page.depth ?? '–'}
      </td>
      <td data-label="Linked from" className="number">
        {page.inlinks ?? '–'}
      </td>
      <td data-label="Changed" className="muted">
        {page.changedAt ? <Time at={page.changedAt} /> : '–'}
      </td>
    </tr>
  )
}
