import { useMutation } from '@tanstack/react-query'
import { pushRankings } from '@tocsin/contract/api/rankings'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { SelectField } from '../../ui/field.tsx'
import { IssueList } from '../../ui/issue-list.tsx'
import { PasteField } from '../../ui/paste-field.tsx'
import { toast } from '../../ui/toasts.tsx'

/** Positions that somebody has measured elsewhere, put in by hand. */
export function PushRankings({ siteId }: { siteId: SiteId }) {
  const { may } = useSigned()
  const [open, setOpen] = useState(false)
  if (!may('write')) return null
  return (
    <>
      <Button icon="up" onClick={() => setOpen(true)}>
        Push positions
      </Button>
      {open && (
        <Dialog title="Push positions" onClose={() => setOpen(false)}>
          <PushForm siteId={siteId} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  )
}

const example = 'keyword,country,device,position,rival.example\nblue shoes,US,desktop,4,3\nred shoes,US,mobile,-,12'
const meanings = {
  '': 'One good measurement: two that agree decide',
  true: 'Measured with care: decides alone',
  false: 'Only a part: nothing is concluded from it',
} as const
type Meaning = keyof typeof meanings

function PushForm({ siteId, onDone }: { siteId: SiteId; onDone: () => void }) {
  const { client } = useSigned()
  const [csv, setCsv] = useState('')
  const [complete, setComplete] = useState<Meaning>('')
  const push = useMutation({
    mutationFn: () => client.callWithCsv(pushRankings, { params: { siteId }, query: complete === '' ? {} : { complete }, csv }),
    onSuccess: (list) => {
      onDone()
      toast(`${list.entries} ${list.entries === 1 ? 'position' : 'positions'} recorded.`)
    },
    meta: { shownByForm: true },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        push.mutate()
      }}
    >
      <PasteField
        label="Rows with a header"
        value={csv}
        placeholder={example}
        error={undefined}
        onChange={setCsv}
        hint={
          <>
            Columns: <code>keyword</code>, <code>country</code>, and if you like <code>language</code>, <code>device</code>,{' '}
            <code>position</code> (“-” when it was not found), <code>depth</code>, <code>url</code>, <code>checkedAt</code>, and
            one for each competitor, named by its domain. Straight from a spreadsheet is fine. Unknown keywords are tracked from
            now on.
          </>
        }
      />
      <SelectField
        label="How it was measured"
        value={complete}
        onChange={({ target: { value } }) => setComplete(value === 'true' || value === 'false' ? value : '')}
      >
        {Object.entries(meanings).map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
      {push.error && <IssueList error={push.error} />}
      <Button look="primary" type="submit" busy={push.isPending} disabled={csv.trim() === ''}>
        Record
      </Button>
    </form>
  )
}
