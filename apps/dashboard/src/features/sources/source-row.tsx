import { useMutation } from '@tanstack/react-query'
import { deleteSource, pauseSource, resumeSource, type Source, testSource } from '@tocsin/contract/api/sources'
import { sourceKinds } from '@tocsin/contract/sources/catalog'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Time } from '../../ui/time.tsx'
import { ChangeForm } from './source-form.tsx'
import { faultWords, quotaText, stateChips } from './source-words.ts'

/** One connection: how it does, what is wrong with it, and what can be done. */
export function SourceRow({ source }: { source: Source }) {
  const { may } = useSigned()
  const { title, doc } = sourceKinds[source.kind]
  const chip = stateChips[source.state]
  return (
    <li className="row source">
      <div className="source-head">
        <span className="receiver-what">
          <strong>{title}</strong>
          {typeof source.config['property'] === 'string' && <span className="address">{source.config['property']}</span>}
          <span className="muted">{doc}</span>
        </span>
        <span className="chip" data-tone={chip.tone}>
          {chip.label}
        </span>
      </div>
      <p className="source-facts muted">
        <span>
          {source.lastFetchedAt ? (
            <>
              Fetched <Time at={source.lastFetchedAt} />
            </>
          ) : (
            'Not fetched yet'
          )}
        </span>
        {source.nextFetchAt && (
          <span>
            next <Time at={source.nextFetchAt} />
          </span>
        )}
        <span>{quotaText(source.quota, new Date().toISOString().slice(0, 10))}</span>
      </p>
      {source.lastError && source.state === 'failing' && (
        <div className="problem">
          <Icon name="high" />
          <div>
            <p>{faultWords[source.lastError.reason]}</p>
            <p className="muted">
              {source.lastError.detail} <Time at={source.lastError.at} />
            </p>
          </div>
        </div>
      )}
      <TestResult test={source.lastTest} />
      {may('admin') && <Actions source={source} />}
    </li>
  )
}

function TestResult({ test }: { test: Source['lastTest'] }) {
  // Always there, so that a screen reader hears when the result comes.
  return (
    <p className="source-test" role="status" data-result={test?.result}>
      {test?.result === 'waiting' && (
        <>
          <span className="spinner" aria-hidden="true" /> It is being tried…
        </>
      )}
      {test?.result === 'passed' && (
        <>
          <Icon name="check" size={14} /> The test passed <Time at={test.at} />. {test.detail}
        </>
      )}
      {test?.result === 'failed' && (
        <>
          <Icon name="high" size={14} /> The test failed <Time at={test.at} />. {test.reason && faultWords[test.reason]}{' '}
          {test.detail}
        </>
      )}
    </p>
  )
}

function Actions({ source }: { source: Source }) {
  const { client } = useSigned()
  const [open, setOpen] = useState<'change' | 'delete' | null>(null)
  const params = { sourceId: source.id }
  const { title } = sourceKinds[source.kind]
  const test = useMutation({ mutationFn: () => client.call(testSource, { params }) })
  const turn = useMutation({
    mutationFn: () => client.call(source.state === 'paused' ? resumeSource : pauseSource, { params }),
  })
  const remove = useMutation({ mutationFn: () => client.call(deleteSource, { params }), onSettled: () => setOpen(null) })
  const hidden = <span className="visually-hidden"> {title}</span>
  return (
    <div className="row-actions">
      <Button
        look="quiet"
        icon="activity"
        busy={test.isPending || source.lastTest?.result === 'waiting'}
        onClick={() => test.mutate()}
      >
        Test{hidden}
      </Button>
      <Button look="quiet" icon="settings" onClick={() => setOpen('change')}>
        Change{hidden}
      </Button>
      <Button
        look="quiet"
        icon={source.state === 'paused' ? 'play' : 'pause'}
        busy={turn.isPending}
        onClick={() => turn.mutate()}
      >
        {source.state === 'paused' ? 'Resume' : 'Pause'}
        {hidden}
      </Button>
      <Button look="quiet" icon="trash" onClick={() => setOpen('delete')}>
        Disconnect{hidden}
      </Button>
      {open === 'change' && (
        <Dialog title={title} onClose={() => setOpen(null)}>
          <ChangeForm source={source} onDone={() => setOpen(null)} />
        </Dialog>
      )}
      {open === 'delete' && (
        <Confirm
          title={`Disconnect ${title}?`}
          deed="Disconnect"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setOpen(null)}
        >
          <p>What was measured stays. Its credentials are gone for good; to stop for a while, pause it instead.</p>
        </Confirm>
      )}
    </div>
  )
}
