import type { Silence } from '@tocsin/contract/api/silences'
import { useState } from 'react'
import { useAlertRules, useSilences, useSites } from '../../live/lists.ts'
import { useActorName } from '../../members.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { Time, useNowMs } from '../../ui/time.tsx'
import { SilenceForm } from './silence-form.tsx'
import { matcherText, silenceState } from './silence-words.ts'
import { useExpire } from './use-silence-deeds.tsx'

/** What is muted, and until when. */
export function SilencesSection() {
  const { may } = useSigned()
  const silences = useSilences('open')
  const [adding, setAdding] = useState(false)
  return (
    <Section
      title="Silences"
      aside={
        may('write') && (
          <Button icon="mute" onClick={() => setAdding(true)}>
            Mute alerts
          </Button>
        )
      }
    >
      <p className="muted prose">
        Alerts that a silence matches go on and are listed, but nobody is told of anything bad in them. Whoever knew of one before
        still hears that it is over, and what is still open at the end of the silence is told then.
      </p>
      <Loaded query={silences} what="silences">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="Nothing is muted.">Mute alerts while you work on a site, so that nobody is woken by it.</Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((silence) => (
                  <SilenceRow key={silence.id} silence={silence} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      <Past />
      {adding && (
        <Dialog title="Mute alerts" onClose={() => setAdding(false)}>
          <SilenceForm onDone={() => setAdding(false)} />
        </Dialog>
      )}
    </Section>
  )
}

/** Asked for when it is opened. */
function Past() {
  const [open, setOpen] = useState(false)
  return (
    <details className="disclosure" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Over</summary>
      {open && <PastList />}
    </details>
  )
}

function PastList() {
  const silences = useSilences('expired')
  return (
    <Loaded query={silences} what="silences that are over">
      {(page) =>
        page.data.length === 0 ? (
          <p className="muted">None.</p>
        ) : (
          <>
            <ul className="rows card">
              {page.data.map((silence) => (
                <SilenceRow key={silence.id} silence={silence} />
              ))}
            </ul>
            <Newest of={page} />
          </>
        )
      }
    </Loaded>
  )
}

const states = {
  mutes: { label: 'Mutes now', tone: 'warn' },
  planned: { label: 'Planned', tone: 'info' },
  over: { label: 'Over', tone: 'off' },
} as const

function SilenceRow({ silence }: { silence: Silence }) {
  const { may } = useSigned()
  const nameOf = useActorName()
  const names = { sites: useSites().data?.data ?? [], rules: useAlertRules().data?.data ?? [] }
  const expire = useExpire()
  const state = silenceState(silence, useNowMs())
  return (
    <li className="row receiver">
      <Icon name="mute" />
      <span className="receiver-what">
        <strong className="anywhere">{silence.comment}</strong>
        <span className="anywhere">{silence.matchers.map((matcher) => matcherText(matcher, names)).join(' · ')}</span>
        <span className="muted">
          By {nameOf(silence.createdBy)}
          {state === 'planned' && (
            <>
              , begins <Time at={silence.startsAt} />
            </>
          )}
          {state === 'over' ? (
            <>
              , ended <Time at={silence.expiredAt ?? silence.endsAt} />
            </>
          ) : (
            <>
              , ends <Time at={silence.endsAt} />
            </>
          )}
        </span>
      </span>
      <span className="chip" data-tone={states[state].tone}>
        {states[state].label}
      </span>
      {may('write') && state !== 'over' && (
        <Button look="quiet" busy={expire.isPending} onClick={() => expire.mutate(silence.id)}>
          End it now<span className="visually-hidden">: {silence.comment}</span>
        </Button>
      )}
    </li>
  )
}
