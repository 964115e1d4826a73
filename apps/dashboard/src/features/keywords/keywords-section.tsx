import type { Keyword } from '@tocsin/contract/api/keywords'
import type { SiteId } from '@tocsin/contract/ids'
import { type ReactNode, useDeferredValue, useState } from 'react'
import { useKeywords } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { AddKeywordsForm } from './add-keywords-form.tsx'
import { KeywordTable } from './keyword-table.tsx'

/** Each row asks for its own history, so that no more are shown at once than are looked at. */
const rowsShown = 20

/** What people search for, and where the site stands. */
export function KeywordsSection({ siteId, actions }: { siteId: SiteId; actions: ReactNode }) {
  const { may } = useSigned()
  const [search, setSearch] = useState('')
  const [adding, setAdding] = useState(false)
  const phrase = useDeferredValue(search)
  const keywords = useKeywords(siteId, phrase)
  const isEmpty = phrase.trim() === '' && keywords.data?.data.length === 0
  return (
    <Section
      title="Keywords"
      aside={
        <div className="button-row">
          {!isEmpty && (
            <input
              className="inline-search"
              aria-label="Find a keyword"
              type="search"
              placeholder="Find a keyword"
              maxLength={200}
              value={search}
              onChange={({ target }) => setSearch(target.value)}
            />
          )}
          {actions}
          {may('write') && (
            <Button icon="plus" onClick={() => setAdding(true)}>
              Add keywords
            </Button>
          )}
        </div>
      }
    >
      <Loaded query={keywords} what="keywords">
        {({ data, nextCursor }) =>
          isEmpty ? (
            <Empty title="No keywords are tracked yet.">
              Add what people search for when they look for you. Positions come from a source such as Serper, or you push them as
              CSV.
            </Empty>
          ) : (
            <Pager key={phrase} keywords={data} hasMore={nextCursor !== null} />
          )
        }
      </Loaded>
      {adding && (
        <Dialog title="Add keywords" onClose={() => setAdding(false)}>
          <AddKeywordsForm siteId={siteId} onDone={() => setAdding(false)} />
        </Dialog>
      )}
    </Section>
  )
}

function Pager({ keywords, hasMore }: { keywords: readonly Keyword[]; hasMore: boolean }) {
  const [from, setFrom] = useState(0)
  const start = Math.min(from, Math.max(0, keywords.length - 1))
  const shown = keywords.slice(start, start + rowsShown)
  if (shown.length === 0) return <p className="muted">No keyword has this in its phrase.</p>
  return (
    <>
      <KeywordTable keywords={shown} />
      {keywords.length > rowsShown && (
        <div className="pager">
          <Button icon="left" disabled={start === 0} onClick={() => setFrom(Math.max(0, start - rowsShown))}>
            Before
          </Button>
          <span className="muted" role="status">
            {start + 1} to {start + shown.length} of {keywords.length}
            {hasMore && ' newest'}
          </span>
          <Button icon="right" disabled={start + rowsShown >= keywords.length} onClick={() => setFrom(start + rowsShown)}>
            After
          </Button>
        </div>
      )}
      {hasMore && <p className="muted list-end">There are more: a search finds them.</p>}
    </>
  )
}
