import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type Alert, acknowledgeAlert, resolveAlert, snoozeAlert } from '@tocsin/contract/api/alerts'
import { type ReactNode, useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { AreaField, TextField } from '../../ui/field.tsx'
import { useNowMs } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { isSnoozed } from './alert-words.ts'
import { localInput, snoozeChoices } from './snooze.ts'

type Deed = 'acknowledge' | 'snooze' | 'resolve'

const deeds = {
  acknowledge: {
    label: 'I am on it',
    done: 'The others see that you are on it. Reminders end.',
    explain: 'Reminders and escalation end: the others see that somebody takes care of it.',
  },
  snooze: {
    label: 'Snooze',
    done: 'Snoozed. If it becomes worse, it is told all the same.',
    explain: 'Nothing is told of it until then, unless it becomes worse. If it is still open at the end, it is told again.',
  },
  resolve: {
    label: 'Resolve',
    done: 'Closed. It opens again when what it is about begins anew.',
    explain: 'Closes it by hand. It opens again when what it is about begins anew.',
  },
} satisfies Record<Deed, { label: string; done: string; explain: string }>

const possible = {
  triggered: ['acknowledge', 'snooze', 'resolve'],
  acknowledged: ['snooze', 'resolve'],
  resolved: [],
} satisfies Record<Alert['state'], readonly Deed[]>

/** What a person may say of an alert, with a word for the others. `children` stand beside it. */
export function AlertActions({ alert, children }: { alert: Alert; children: ReactNode }) {
  const { may } = useSigned()
  const [chosen, setChosen] = useState<Deed | null>(null)
  const choices: readonly Deed[] = possible[alert.state]
  const snoozed = isSnoozed(alert, useNowMs())
  if (!may('write')) return null
  return (
    <div className="threat-actions">
      <div className="button-row">
        {choices.map((deed, index) => (
          <Button
            key={deed}
            look={index === 0 && deed === 'acknowledge' && !chosen ? 'primary' : 'plain'}
            aria-expanded={chosen === deed}
            onClick={() => setChosen(chosen === deed ? null : deed)}
          >
            {deed === 'snooze' && snoozed ? 'Snooze otherwise' : deeds[deed].label}
          </Button>
        ))}
        {snoozed && <Wake alert={alert} />}
        {alert.state !== 'resolved' && children}
      </div>
      {chosen && choices.includes(chosen) && <DeedForm key={chosen} alert={alert} deed={chosen} onDone={() => setChosen(null)} />}
    </div>
  )
}

function useSay(alert: Alert, onDone: () => void) {
  const { client, org } = useSigned()
  const queries = useQueryClient()
  const params = { alertId: alert.id }
  return useMutation({
    mutationFn: ({ deed, note, until }: { deed: Deed; note: string; until: Date | null }) => {
      const said = note.trim() ? { note: note.trim() } : {}
      if (deed === 'acknowledge') return client.call(acknowledgeAlert, { params, body: said })
      if (deed === 'resolve') return client.call(resolveAlert, { params, body: said })
      return client.call(snoozeAlert, { params, body: { ...said, ...(until ? { until: until.toISOString() } : { minutes: 1 }) } })
    },
    onSuccess: (_alert, { deed, until }) => {
      onDone()
      toast(deed === 'snooze' && until === null ? 'It is told again within a minute.' : deeds[deed].done)
      return queries.invalidateQueries({ queryKey: ['alertDetail' satisfies Refetched, org.id, alert.id] })
    },
  })
}

/** A snooze is taken back by one that is over in no time. */
function Wake({ alert }: { alert: Alert }) {
  const say = useSay(alert, () => undefined)
  return (
    <Button icon="bell" busy={say.isPending} onClick={() => say.mutate({ deed: 'snooze', note: '', until: null })}>
      End the snooze
    </Button>
  )
}

function DeedForm({ alert, deed, onDone }: { alert: Alert; deed: Deed; onDone: () => void }) {
  const say = useSay(alert, onDone)
  const [note, setNote] = useState('')
  const [choices] = useState(() => snoozeChoices(new Date()))
  const [own, setOwn] = useState(() => localInput(choices[2]?.until ?? new Date()))
  const send = (until: Date | null) => say.mutate({ deed, note, until })
  const ownUntil = new Date(own)
  const isTime = !Number.isNaN(ownUntil.getTime())
  return (
    <form
      className="card card-inner"
      onSubmit={(event) => {
        event.preventDefault()
        if (deed !== 'snooze') send(null)
        else if (isTime) send(ownUntil)
      }}
    >
      <p className="muted">{deeds[deed].explain}</p>
      <AreaField
        label="A word for the others (optional)"
        name="note"
        maxLength={2000}
        value={note}
        onChange={({ target }) => setNote(target.value)}
      />
      {deed === 'snooze' ? (
        <>
          <div className="button-row">
            {choices.map(({ label, until }) => (
              <Button key={label} busy={say.isPending} onClick={() => send(until)}>
                {label}
              </Button>
            ))}
          </div>
          <TextField
            label="Or until"
            name="until"
            type="datetime-local"
            min={localInput(new Date())}
            value={own}
            error={isTime ? undefined : 'Please fill this in.'}
            onChange={({ target }) => setOwn(target.value)}
          />
          <Button look="primary" type="submit" busy={say.isPending}>
            Snooze until then
          </Button>
        </>
      ) : (
        <Button look="primary" type="submit" busy={say.isPending}>
          {deeds[deed].label}
        </Button>
      )}
    </form>
  )
}
