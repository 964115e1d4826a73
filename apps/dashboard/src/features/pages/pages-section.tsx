import { useMutation } from '@tanstack/react-query'
import type { SitePage } from '@tocsin/contract/api/pages'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSite } from '../../live/lists.ts'
import { Button } from '../../ui/button.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { saveText } from '../../ui/save-text.ts'
import { Empty, Section } from '../../ui/screen.tsx'
import { PageFilters } from './page-filters.tsx'
import { PageSheet } from './page-sheet.tsx'
import { PageTable } from './page-table.tsx'
import { noFilter, usePages } from './use-pages.ts'

/** Every page that the crawler knows of the site. */
export function PagesSection({ siteId }: { siteId: SiteId }) {
  const site = useSite(siteId).data
  const inventory = usePages(siteId)
  const [open, setOpen] = useState<SitePage | null>(null)
  const download = useMutation({
    mutationFn: inventory.csv,
    onSuccess: (csv) => saveText(csv, `${site?.name ?? 'site'} pages.csv`),
  })
  const isFiltered = JSON.stringify(inventory.filter) !== JSON.stringify(noFilter)
  return (
    <Section
      title="Pages"
      aside={
        <Button icon="download" busy={download.isPending} onClick={() => download.mutate()}>
          Download CSV
        </Button>
      }
    >
      <PageFilters filter={inventory.filter} onChange={inventory.filterBy} />
      <Loaded query={inventory.pages} what="pages">
        {({ data }) =>
          data.length === 0 && inventory.back === null ? (
            isFiltered ? (
              <Empty title="No page is like this.">
                <button type="button" className="link-button" onClick={() => inventory.filterBy(noFilter)}>
                  Show all pages
                </button>
              </Empty>
            ) : (
              <Empty title="No pages are known yet.">They are listed here as soon as the first check is done.</Empty>
            )
          ) : (
            <>
              <PageTable pages={data} siteUrl={site?.url} sort={inventory.sort} onSort={inventory.sortBy} onOpen={setOpen} />
              <div className="pager">
                <Button icon="left" disabled={inventory.back === null} onClick={() => inventory.back?.()}>
                  Before
                </Button>
                <span className="muted" role="status">
                  {inventory.first} to {inventory.first + data.length - 1}
                </span>
                <Button icon="right" disabled={inventory.on === null} onClick={() => inventory.on?.()}>
                  After
                </Button>
              </div>
            </>
          )
        }
      </Loaded>
      {open && <PageSheet page={open} onClose={() => setOpen(null)} />}
    </Section>
  )
}
