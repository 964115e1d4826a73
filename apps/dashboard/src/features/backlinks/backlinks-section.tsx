import { useInfiniteQuery } from '@tanstack/react-query'
import { type Backlink, listBacklinks } from '@tocsin/contract/api/backlinks'
import type { Competitor } from '@tocsin/contract/api/competitors'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useCompetitors } from '../../live/lists.ts'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Time } from '../../ui/time.tsx'
import { PushBacklinksForm } from './push-backlinks-form.tsx'

/** Which domains link to the site and to its competitors. */
export function BacklinksSection({ siteId }: { siteId: SiteId }) {
  const { client, org, may } = useSigned()
  const competitors = useCompetitors(siteId).data?.data ?? []
  const [whose, setWhose] = useState('own')
  const [pushing, setPushing] = useState(false)
  const of = competitors.find(({ id }) => id === whose)
  const links = useInfiniteQuery({
    queryKey: ['backlinks' satisfies Refetched, org.id, siteId, of?.id ?? 'own'],
    queryFn: ({ signal, pageParam }) =>
      client.call(listBacklinks, {
        params: { siteId },
        query: { competitorId: of?.id ?? 'own', limit: 20, ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null, // The type of a cursor, which null alone does not say.
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  return (
    <Section
      title="Linking domains"
      aside={
        <div className="button-row">
          {competitors.length > 0 && <Whose competitors={competitors} whose={of?.id ?? 'own'} onChoose={setWhose} />}
          {may('write') && (
            <Button icon="up" onClick={() => setPushing(true)}>
              Push links
            </Button>
          )}
        </div>
      }
    >
      <Loaded query={links} what="linking domains">
        {({ pages }) => {
          const data = pages.flatMap((page) => page.data)
          return data.length === 0 ? (
            <Empty title="No links are recorded.">
              Push the referring domains from your backlink tool, for the site and for each competitor, once a week.
            </Empty>
          ) : (
            <>
              <Table links={data} />
              {links.hasNextPage && (
                <Button busy={links.isFetchingNextPage} onClick={() => void links.fetchNextPage()}>
                  Show more
                </Button>
              )}
            </>
          )
        }}
      </Loaded>
      {pushing && (
        <Dialog title="Push linking domains" onClose={() => setPushing(false)}>
          <PushBacklinksForm siteId={siteId} competitors={competitors} onDone={() => setPushing(false)} />
        </Dialog>
      )}
    </Section>
  )
}

function Whose(props: { competitors: readonly Competitor[]; whose: string; onChoose: (whose: string) => void }) {
  return (
    <select
      className="inline-choice"
      aria-label="Links to"
      value={props.whose}
      onChange={({ target }) => props.onChoose(target.value)}
    >
      <option value="own">To your site</option>
      {props.competitors.map(({ id, name }) => (
        <option key={id} value={id}>
          To {name}
        </option>
      ))}
    </select>
  )
}

function Table({ links }: { links: readonly Backlink[] }) {
  return (
    <div className="card table-scroll">
      <table className="table table-cards">
        <caption className="visually-hidden">Linking domains</caption>
        <thead>
          <tr>
            <th scope="col">Domain</th>
            <th scope="col">First seen</th>
            <th scope="col">Recorded</th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={link.id}>
              <th scope="row">{link.domain}</th>
              <td data-label="First seen">{link.firstSeen ?? 'before links were recorded'}</td>
              <td className="muted" data-label="Recorded">
                <Time at={link.recordedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
