import { useMutation } from '@tanstack/react-query'
import { deleteSubscriber, type Subscriber } from '@tocsin/contract/api/subscribers'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Time, useNowMs } from '../../ui/time.tsx'
import { sourceWords, stateTones, stateWords, wantsText, whyWords } from './subscriber-words.ts'
import { useSubscribersChanged } from './use-subscribers.ts'

const icons = { email: 'mail', webhook: 'hook', slack: 'chat' } as const satisfies Record<Subscriber['kind'], string>

export function SubscriberRow({ subscriber }: { subscriber: Subscriber }) {
  const { client } = useSigned()
  const changed = useSubscribersChanged()
  const [asking, setAsking] = useState(false)
  const now = useNowMs()
  const { id, kind, address, state, stateReason, pausedUntil } = subscriber
  const isPaused = state === 'confirmed' && pausedUntil !== null && Date.parse(pausedUntil) > now
  const remove = useMutation({
    mutationFn: () => client.call(deleteSubscriber, { params: { subscriberId: id } }),
    onSuccess: changed,
    onSettled: () => setAsking(false),
  })
  return (
    <li className="row receiver">
      <Icon name={icons[kind]} />
      <span className="receiver-what">
        <strong className="anywhere">{address}</strong>
        <span className="muted">{wantsText(subscriber)}</span>
        <span className="muted anywhere">
          <Agreed subscriber={subscriber} />
        </span>
      </span>
      <span className="subscriber-state">
        <span className="chip" data-tone={isPaused ? 'off' : stateTones[state]}>
          {isPaused ? (
            <>
              Paused, goes on <Time at={pausedUntil} />
            </>
          ) : (
            stateWords[state]
          )}
        </span>
        {stateReason && <span className="muted">{whyWords[stateReason]}</span>}
      </span>
      <span className="row-actions">
        <Button look="quiet" icon="trash" onClick={() => setAsking(true)}>
          Delete<span className="visually-hidden"> {address}</span>
        </Button>
      </span>
      {asking && (
        <Confirm
          title="Forget this subscriber?"
          deed="Forget"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(false)}
        >
          <p>
            <span className="address">{address}</span> hears nothing more, and that it ever agreed, or left, is forgotten.
          </p>
        </Confirm>
      )}
    </li>
  )
}

function Agreed({ subscriber: { confirmedAt, consent, source, createdAt } }: { subscriber: Subscriber }) {
  const came = sourceWords[source]
  if (confirmedAt === null)
    return (
      <>
        {came.charAt(0).toUpperCase() + came.slice(1)} <Time at={createdAt} />
      </>
    )
  return (
    <>
      Agreed <Time at={confirmedAt} />
      {consent && `: ${consent}`}, {came}
    </>
  )
}
