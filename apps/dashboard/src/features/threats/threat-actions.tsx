import { useMutation, useQueryClient } from '@tanstack/react-query'
import { acceptThreat, acknowledgeThreat, resolveThreat, type Threat } from '@tocsin/contract/api/threats'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField } from '../../ui/field.tsx'
import { toast } from '../../ui/toasts.tsx'

const deeds = {
  acknowledge: {
    endpoint: acknowledgeThreat,
    label: 'I am on it',
    done: 'Acknowledged.',
    explain: 'Tells the others that somebody takes care of it.',
  },
  resolve: {
    endpoint: resolveThreat,
    label: 'Resolve',
    done: 'Resolved.',
    explain: 'Closes it by hand. If the fault is still there, the next check opens a new threat.',
  },
  accept: {
    endpoint: acceptThreat,
    label: 'Accept as expected',
    done: 'Accepted.',
    explain: 'It is meant to be so: what is seen now becomes the baseline and is not reported again.',
  },
} as const
type Deed = keyof typeof deeds

const possible = {
  active: ['acknowledge', 'resolve', 'accept'],
  acknowledged: ['resolve', 'accept'],
  hygiene: ['resolve', 'accept'],
  resolved: [],
  accepted: [],
} satisfies Record<Threat['state'], readonly Deed[]>

/** What a person may say about a threat, with a word for the others if they like. */
export function ThreatActions({ threat }: { threat: Threat }) {
  const { client, org, may } = useSigned()
  const queries = useQueryClient()
  const [note, setNote] = useState('')
  const [chosen, setChosen] = useState<Deed | null>(null)
  const say = useMutation({
    mutationFn: (deed: Deed) =>
      client.call(deeds[deed].endpoint, { params: { threatId: threat.id }, body: note.trim() ? { note: note.trim() } : {} }),
    onSuccess: (_threat, deed) => {
      setChosen(null)
      setNote('')
      toast(deeds[deed].done)
      return queries.invalidateQueries({ queryKey: ['threatDetail' satisfies Refetched, org.id, threat.id] })
    },
  })
  const choices: readonly Deed[] = possible[threat.state]
  if (!may('write') || choices.length === 0) return null
  return (
    <div className="threat-actions">
      <div className="button-row">
        {choices.map((deed, index) => (
          <Button
            key={deed}
            look={index === 0 && !chosen ? 'primary' : 'plain'}
            aria-expanded={chosen === deed}
            onClick={() => setChosen(chosen === deed ? null : deed)}
          >
            {deeds[deed].label}
          </Button>
        ))}
      </div>
      {chosen && (
        <form
          className="card card-inner"
          onSubmit={(event) => {
            event.preventDefault()
            say.mutate(chosen)
          }}
        >
          <p className="muted">{deeds[chosen].explain}</p>
          <AreaField
            label="Note (optional)"
            name="note"
            maxLength={2000}
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
          <Button look="primary" type="submit" busy={say.isPending}>
            {deeds[chosen].label}
          </Button>
        </form>
      )}
    </div>
  )
}
