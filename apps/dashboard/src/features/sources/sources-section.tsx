import type { Source } from '@tocsin/contract/api/sources'
import type { SiteId } from '@tocsin/contract/ids'
import { SourceKind } from '@tocsin/contract/sources/catalog'
import { useState } from 'react'
import { useSources } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { ConnectForm, KindChoice } from './source-form.tsx'
import { SourceRow } from './source-row.tsx'

/** The outside APIs that are asked about the site. */
export function SourcesSection({ siteId }: { siteId: SiteId }) {
  const { may } = useSigned()
  const sources = useSources(siteId)
  const [connecting, setConnecting] = useState(false)
  const free = SourceKind.options.filter((kind) => !sources.data?.data.some((source) => source.kind === kind))
  return (
    <Section
      title="Sources"
      aside={
        may('admin') &&
        free.length > 0 && (
          <Button icon="plus" onClick={() => setConnecting(true)}>
            Connect a source
          </Button>
        )
      }
    >
      <p className="muted prose">
        Outside APIs that know about the site what looking at it cannot tell: positions, what Google thinks of its pages, how fast
        it is for visitors, and whether browsers warn about it.
      </p>
      <Loaded query={sources} what="sources">
        {({ data }) => (data.length === 0 ? <NothingYet mayConnect={may('admin')} /> : <List sources={data} />)}
      </Loaded>
      {connecting && <Connect siteId={siteId} kinds={free} onDone={() => setConnecting(false)} />}
    </Section>
  )
}

const List = ({ sources }: { sources: readonly Source[] }) => (
  <ul className="rows card">
    {sources.map((source) => (
      <SourceRow key={source.id} source={source} />
    ))}
  </ul>
)

const NothingYet = ({ mayConnect }: { mayConnect: boolean }) => (
  <Empty title="Nothing is connected yet.">
    {mayConnect
      ? 'Start with Google Search Console: it is free and tells the most. For positions by the hour, connect Serper or SerpApi.'
      : 'An admin can connect Google Search Console, Serper, SerpApi and others here.'}
  </Empty>
)

function Connect({ siteId, kinds, onDone }: { siteId: SiteId; kinds: readonly SourceKind[]; onDone: () => void }) {
  const [kind, setKind] = useState(kinds[0])
  if (!kind) return null
  return (
    <Dialog title="Connect a source" onClose={onDone}>
      <KindChoice kinds={kinds} chosen={kind} onChoose={setKind} />
      <ConnectForm key={kind} siteId={siteId} kind={kind} onDone={onDone} />
    </Dialog>
  )
}
