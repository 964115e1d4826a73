import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { listSitePages, type NotIndexable, type PageSort } from '@tocsin/contract/api/pages'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { firstOrder } from './page-words.ts'

export interface PageFilter {
  q: string
  status: '' | '2xx' | '3xx' | '4xx' | '5xx' | 'none'
  index: '' | 'yes' | NotIndexable
  inSitemap: '' | 'yes' | 'no'
}
export const noFilter: PageFilter = { q: '', status: '', index: '', inSitemap: '' }

const pageLength = 25

/** A page of the inventory: which one, how sorted, how filtered. Whoever filters or sorts begins at the first page. */
export function usePages(siteId: SiteId) {
  const { client, org } = useSigned()
  const [filter, setFilter] = useState(noFilter)
  const [sort, setSort] = useState<{ by: PageSort; order: 'asc' | 'desc' }>({ by: 'importance', order: 'desc' })
  /** The cursors of the pages before the one shown, and its own last. */
  const [cursors, setCursors] = useState<readonly string[]>([])
  const cursor = cursors.at(-1)
  const query = { sort: sort.by, order: sort.order, ...queryOf(filter) }
  const pages = useQuery({
    queryKey: ['pages' satisfies Refetched, org.id, siteId, query, cursor ?? null],
    queryFn: ({ signal }) =>
      client.call(listSitePages, {
        params: { siteId },
        query: { ...query, limit: pageLength, ...(cursor === undefined ? {} : { cursor }) },
        signal,
      }),
    placeholderData: keepPreviousData,
  })
  const next = pages.data?.nextCursor ?? null
  return {
    pages,
    filter,
    sort,
    /** Of the first page shown. */
    first: cursors.length * pageLength + 1,
    filterBy: (changes: Partial<PageFilter>) => {
      setFilter((all) => ({ ...all, ...changes }))
      setCursors([])
    },
    sortBy: (by: PageSort) => {
      setSort({ by, order: sort.by === by ? (sort.order === 'asc' ? 'desc' : 'asc') : firstOrder(by) })
      setCursors([])
    },
    back: cursors.length === 0 ? null : () => setCursors(cursors.slice(0, -1)),
    on: next === null ? null : () => setCursors([...cursors, next]),
    csv: () => client.csvOf(listSitePages, { params: { siteId }, query }),
  }
}

function queryOf({ q, status, index, inSitemap }: PageFilter) {
  return {
    ...(q.trim() === '' ? {} : { q: q.trim() }),
    ...(status === '' ? {} : { status }),
    ...(index === '' ? {} : index === 'yes' ? { indexable: true } : { notIndexable: index }),
    ...(inSitemap === '' ? {} : { inSitemap: inSitemap === 'yes' }),
  }
}
