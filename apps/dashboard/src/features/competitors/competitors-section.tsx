import { useMutation } from '@tanstack/react-query'
import { type Competitor, createCompetitor, deleteCompetitor, updateCompetitor } from '@tocsin/contract/api/competitors'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useCompetitors } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { text, useForm } from '../../ui/use-form.ts'

/** Whom the site is compared with. */
export function CompetitorsSection({ siteId }: { siteId: SiteId }) {
  const { may } = useSigned()
  const competitors = useCompetitors(siteId)
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Competitors"
      aside={
        may('write') && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add competitor
          </Button>
        )
      }
    >
      <Loaded query={competitors} what="competitors">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="You are not compared with anybody yet.">
              Add whom you compete with: overtakes, surges and new links of theirs are then told.
            </Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((competitor) => (
                  <CompetitorRow key={competitor.id} competitor={competitor} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {adding && (
        <Dialog title="Add a competitor" onClose={() => setAdding(false)}>
          <AddForm siteId={siteId} onDone={() => setAdding(false)} />
        </Dialog>
      )}
    </Section>
  )
}

function CompetitorRow({ competitor }: { competitor: Competitor }) {
  const { client, may } = useSigned()
  const [open, setOpen] = useState<'rename' | 'remove' | null>(null)
  const params = { siteId: competitor.siteId, competitorId: competitor.id }
  const remove = useMutation({ mutationFn: () => client.call(deleteCompetitor, { params }), onSettled: () => setOpen(null) })
  const hidden = <span className="visually-hidden"> {competitor.name}</span>
  return (
    <li className="row receiver">
      <span className="receiver-what">
        <strong>{competitor.name}</strong>
        {competitor.name !== competitor.domain && <span className="address">{competitor.domain}</span>}
      </span>
      {may('write') && (
        <span className="row-actions">
          <Button look="quiet" icon="settings" onClick={() => setOpen('rename')}>
            Rename{hidden}
          </Button>
          <Button look="quiet" icon="trash" onClick={() => setOpen('remove')}>
            Remove{hidden}
          </Button>
        </span>
      )}
      {open === 'rename' && (
        <Dialog title={`Rename ${competitor.name}`} onClose={() => setOpen(null)}>
          <RenameForm competitor={competitor} onDone={() => setOpen(null)} />
        </Dialog>
      )}
      {open === 'remove' && (
        <Confirm
          title={`Remove ${competitor.name}?`}
          deed="Remove competitor"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setOpen(null)}
        >
          <p>Its positions and links are forgotten for good.</p>
        </Confirm>
      )}
    </li>
  )
}

function AddForm({ siteId, onDone }: { siteId: SiteId; onDone: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: createCompetitor,
    read: (data) => {
      const name = text(data, 'name')
      return { domain: text(data, 'domain'), ...(name ? { name } : {}) }
    },
    submit: (body) => client.call(createCompetitor, { params: { siteId }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <TextField
        label="Domain"
        name="domain"
        inputMode="url"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="rival.example"
        hint="All hosts of the domain count. Their positions are compared from the next list of positions on."
        error={errorOf('domain')}
      />
      <TextField label="Name (optional)" name="name" error={errorOf('name')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Add competitor
      </Button>
    </form>
  )
}

function RenameForm({ competitor, onDone }: { competitor: Competitor; onDone: () => void }) {
  const { client } = useSigned()
  const { form, errorOf, busy, problem } = useForm({
    endpoint: updateCompetitor,
    read: (data) => ({ name: text(data, 'name') ?? '' }),
    submit: (body) => client.call(updateCompetitor, { params: { siteId: competitor.siteId, competitorId: competitor.id }, body }),
    done: onDone,
  })
  return (
    <form {...form}>
      <TextField label="Name" name="name" defaultValue={competitor.name} error={errorOf('name')} />
      {problem && <ProblemNote error={problem} />}
      <Button look="primary" type="submit" busy={busy}>
        Save
      </Button>
    </form>
  )
}
