import { useMutation } from '@tanstack/react-query'
import { importSubscribers } from '@tocsin/contract/api/subscribers'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { IssueList } from '../../ui/issue-list.tsx'
import { PasteField } from '../../ui/paste-field.tsx'
import { importedText } from './subscriber-words.ts'
import { useSubscribersChanged } from './use-subscribers.ts'

const example = 'address,confirmed_at,consent\nreader@example.com,2026-03-01T12:00:00Z,Sign-up form\nnew@example.com,,'

export function ImportForm({ onDone }: { onDone: () => void }) {
  const { client } = useSigned()
  const changed = useSubscribersChanged()
  const [csv, setCsv] = useState('')
  const bring = useMutation({
    mutationFn: () => client.callWithCsv(importSubscribers, { csv }),
    onSuccess: changed,
    meta: { shownByForm: true },
  })
  if (bring.data)
    return (
      <>
        <p className="notice" role="status" data-tone="good">
          <Icon name="check" />
          <span>{importedText(bring.data)}</span>
        </p>
        <div className="dialog-actions">
          <Button look="primary" onClick={onDone}>
            Done
          </Button>
        </div>
      </>
    )
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        bring.mutate()
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
            Columns: <code>address</code>; <code>confirmed_at</code> and <code>consent</code> for those who have agreed already;{' '}
            <code>minimum_impact</code>. Who has not agreed gets one mail that asks. All or nothing.
          </>
        }
      />
      {bring.error && <IssueList error={bring.error} />}
      <Button look="primary" icon="up" type="submit" busy={bring.isPending} disabled={csv.trim() === ''}>
        Import
      </Button>
    </form>
  )
}
