import { useMutation } from '@tanstack/react-query'
import { pushBacklinks } from '@tocsin/contract/api/backlinks'
import type { Competitor } from '@tocsin/contract/api/competitors'
import type { SiteId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { SelectField } from '../../ui/field.tsx'
import { IssueList } from '../../ui/issue-list.tsx'
import { PasteField } from '../../ui/paste-field.tsx'
import { toast } from '../../ui/toasts.tsx'

/** Referring domains as a backlink tool exports them. */
export function PushBacklinksForm(props: { siteId: SiteId; competitors: readonly Competitor[]; onDone: () => void }) {
  const { client } = useSigned()
  const [csv, setCsv] = useState('')
  const [competitor, setCompetitor] = useState('')
  const [complete, setComplete] = useState(true)
  const push = useMutation({
    mutationFn: () =>
      client.callWithCsv(pushBacklinks, {
        params: { siteId: props.siteId },
        query: { ...(competitor ? { competitor } : {}), ...(complete ? {} : { complete: 'false' as const }) },
        csv,
      }),
    onSuccess: ({ entries }) => {
      props.onDone()
      toast(`${entries} ${entries === 1 ? 'domain' : 'domains'} recorded.`)
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
      <SelectField label="Links to" value={competitor} onChange={({ target }) => setCompetitor(target.value)}>
        <option value="">Your site</option>
        {props.competitors.map(({ domain, name }) => (
          <option key={domain} value={domain}>
            {name}
          </option>
        ))}
      </SelectField>
      <PasteField
        label="Rows with a header"
        value={csv}
        error={undefined}
        placeholder={'domain,firstSeen\nblog.example,2026-03-01\nnews.example,'}
        onChange={setCsv}
        hint={
          <>
            Columns: <code>domain</code>, and <code>firstSeen</code> (a date such as 2026-03-01) where it is known.
          </>
        }
      />
      <SelectField label="The list" value={String(complete)} onChange={({ target }) => setComplete(target.value === 'true')}>
        <option value="true">Has every linking domain that is known</option>
        <option value="false">May lack some of them</option>
      </SelectField>
      {push.error && <IssueList error={push.error} />}
      <Button look="primary" type="submit" busy={push.isPending} disabled={csv.trim() === ''}>
        Record
      </Button>
    </form>
  )
}
