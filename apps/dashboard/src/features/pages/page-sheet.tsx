import type { SitePage } from '@tocsin/contract/api/pages'
import type { ReactNode } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { durationText, Time } from '../../ui/time.tsx'
import { indexText, sizeText, statusOf } from './page-words.ts'

/** Everything that the crawler knows of one page. */
export function PageSheet({ page, onClose }: { page: SitePage; onClose: () => void }) {
  return (
    <Dialog title={page.title || 'Page'} shape="sheet" onClose={onClose}>
      <p>
        <a className="address" href={page.url} rel="noreferrer" target="_blank">
          {page.url}
          <Icon name="external" size={12} />
          <span className="visually-hidden">(opens in a new tab)</span>
        </a>
      </p>
      <dl className="facts facts-short">
        {factsOf(page).map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
    </Dialog>
  )
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value ?? '–'}</dd>
    </>
  )
}

function factsOf(page: SitePage): [name: string, value: ReactNode][] {
  return [
    ['Answer', statusOf(page).text],
    ['Redirects to', page.redirectsTo],
    ['May be in the index', indexText(page)],
    ['Canonical address', page.canonical],
    ['In the sitemap', page.inSitemap === null ? null : page.inSitemap ? 'Yes' : 'No'],
    ['Importance', page.importance === null ? null : `${page.importance.toFixed(1)} of 10`],
    ['Clicks from the start page', page.depth],
    ['Linked from', page.inlinks === null ? null : `${page.inlinks} ${page.inlinks === 1 ? 'page' : 'pages'}`],
    ['Heading', page.h1],
    ['Language', page.lang],
    ['Words', page.words],
    ['Kind of page', page.template],
    ['Content type', page.contentType],
    ['Size', page.bytes === null ? null : sizeText(page.bytes)],
    ['Answered in', page.elapsedMs === null ? null : durationText(page.elapsedMs)],
    ['First seen', page.firstSeenAt && <Time at={page.firstSeenAt} />],
    ['Last seen', <Time key="last" at={page.lastSeenAt} />],
    ['Last changed', page.changedAt && <Time at={page.changedAt} />],
  ]
}
