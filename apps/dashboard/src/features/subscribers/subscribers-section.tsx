import { useMutation } from '@tanstack/react-query'
import { SubscriberState } from '@tocsin/contract/api/subscribers'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { saveText } from '../../ui/save-text.ts'
import { Empty, Section } from '../../ui/screen.tsx'
import { useRowKeys } from '../../ui/use-row-keys.ts'
import { ImportForm } from './import-form.tsx'
import { InviteForm } from './invite-form.tsx'
import { SubscriberRow } from './subscriber-row.tsx'
import { stateWords } from './subscriber-words.ts'
import { useSubscribers } from './use-subscribers.ts'

/** Who is told by the page. */
export function SubscribersSection() {
  const { may } = useSigned()
  return (
    <Section title="Subscribers">
      {may('admin') ? <Subscribers /> : <Empty title="Only admins see who they are.">Ask one of them to invite somebody.</Empty>}
    </Section>
  )
}

function Subscribers() {
  const page = useSubscribers()
  const { search } = useRowKeys()
  const [open, setOpen] = useState<'invite' | 'import' | null>(null)
  const download = useMutation({ mutationFn: page.csv, onSuccess: (csv) => saveText(csv, 'subscribers.csv') })
  return (
    <>
      <div className="subscriber-bar">
        <Filters page={page} search={search} />
        <span className="button-row">
          <Button icon="download" busy={download.isPending} onClick={() => download.mutate()}>
            Export
          </Button>
          <Button icon="up" onClick={() => setOpen('import')}>
            Import
          </Button>
          <Button icon="plus" onClick={() => setOpen('invite')}>
            Invite
          </Button>
        </span>
      </div>
      <List page={page} />
      {open === 'invite' && (
        <Dialog title="Invite a subscriber" onClose={() => setOpen(null)}>
          <InviteForm onDone={() => setOpen(null)} />
        </Dialog>
      )}
      {open === 'import' && (
        <Dialog title="Import subscribers" onClose={() => setOpen(null)}>
          <ImportForm onDone={() => setOpen(null)} />
        </Dialog>
      )}
    </>
  )
}

type SubscriberPage = ReturnType<typeof useSubscribers>

function Filters({ page, search }: { page: SubscriberPage; search: ReturnType<typeof useRowKeys>['search'] }) {
  return (
    <div className="subscriber-filters">
      <input
        ref={search}
        type="search"
        aria-label="A part of the address"
        placeholder="Find an address ( / )"
        value={page.address}
        onChange={({ target }) => page.narrow({ address: target.value })}
      />
      <select
        aria-label="State"
        value={page.state ?? ''}
        onChange={({ target }) => page.narrow({ state: SubscriberState.options.find((state) => state === target.value) ?? null })}
      >
        <option value="">Everybody</option>
        {SubscriberState.options.map((state) => (
          <option key={state} value={state}>
            {stateWords[state]}
          </option>
        ))}
      </select>
    </div>
  )
}

function List({ page }: { page: SubscriberPage }) {
  return (
    <Loaded query={page.subscribers} what="subscribers">
      {({ data }) =>
        data.length === 0 && page.back === null ? (
          page.isFiltered ? (
            <Empty title="Nobody is like this.">
              <button type="button" className="link-button" onClick={() => page.narrow({ state: null, address: '' })}>
                Show everybody
              </button>
            </Empty>
          ) : (
            <Empty title="Nobody has subscribed yet.">
              Visitors subscribe on the page itself. You can invite addresses, or import a list with how they agreed.
            </Empty>
          )
        ) : (
          <>
            <ul className="rows card">
              {data.map((subscriber) => (
                <SubscriberRow key={subscriber.id} subscriber={subscriber} />
              ))}
            </ul>
            {(page.back || page.on) && (
              <div className="pager">
                <Button icon="left" disabled={page.back === null} onClick={() => page.back?.()}>
                  Before
                </Button>
                <span className="muted" role="status">
                  {page.first} to {page.first + data.length - 1}
                </span>
                <Button icon="right" disabled={page.on === null} onClick={() => page.on?.()}>
                  After
                </Button>
              </div>
            )}
          </>
        )
      }
    </Loaded>
  )
}
