import { useMutation } from '@tanstack/react-query'
import { deleteWebhook, rotateWebhookSecret, testWebhook, updateWebhook, type Webhook } from '@tocsin/contract/api/webhooks'
import { useState } from 'react'
import { useWebhooks } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Time } from '../../ui/time.tsx'
import { toast } from '../../ui/toasts.tsx'
import { AddWebhookForm } from './add-webhook-form.tsx'

const secretExplained = 'With it your program verifies that a message is from Tocsin. It is shown only now.'

export function WebhooksSection() {
  const { may } = useSigned()
  const webhooks = useWebhooks()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  return (
    <Section
      title="Webhooks"
      aside={
        may('admin') && (
          <Button icon="plus" onClick={() => setAdding(true)}>
            Add webhook
          </Button>
        )
      }
    >
      <Loaded query={webhooks} what="webhooks">
        {(page) =>
          page.data.length === 0 ? (
            <Empty title="No webhooks yet.">
              A webhook tells a program of yours, signed as Standard Webhooks says, within a second.
            </Empty>
          ) : (
            <>
              <ul className="rows card">
                {page.data.map((webhook) => (
                  <WebhookRow key={webhook.id} webhook={webhook} onSecret={setSecret} />
                ))}
              </ul>
              <Newest of={page} />
            </>
          )
        }
      </Loaded>
      {adding && (
        <Dialog title="Add a webhook" onClose={() => setAdding(false)}>
          <AddWebhookForm
            onAdded={(created) => {
              setAdding(false)
              setSecret(created.secret)
            }}
          />
        </Dialog>
      )}
      {secret && (
        <SecretOnce title="The signing secret" secret={secret} explain={secretExplained} onClose={() => setSecret(null)} />
      )}
    </Section>
  )
}

const disabledWords = {
  by_hand: 'Disabled',
  gone: 'Disabled: it answered that it is gone',
  failing: 'Disabled: it failed for days',
} as const

function WebhookRow({ webhook, onSecret }: { webhook: Webhook; onSecret: (secret: string) => void }) {
  return (
    <li className="row receiver">
      <span className="receiver-what">
        <strong className="address">{webhook.url}</strong>
        <span className="muted">
          {webhook.description && <>{webhook.description} · </>}
          {webhook.events.includes('*') ? 'every event' : webhook.events.join(', ')}
        </span>
      </span>
      <span className="chip" data-tone={webhook.enabled ? (webhook.failingSince ? 'warn' : 'good') : 'off'}>
        {webhook.enabled ? (
          webhook.failingSince ? (
            <>
              Failing since <Time at={webhook.failingSince} />
            </>
          ) : (
            'On'
          )
        ) : (
          disabledWords[webhook.disabledReason ?? 'by_hand']
        )}
      </span>
      <WebhookActions webhook={webhook} onSecret={onSecret} />
    </li>
  )
}

function WebhookActions({ webhook, onSecret }: { webhook: Webhook; onSecret: (secret: string) => void }) {
  const { client, may } = useSigned()
  const [asking, setAsking] = useState<'delete' | 'rotate' | null>(null)
  const params = { webhookId: webhook.id }
  const done = { onSettled: () => setAsking(null) }
  const test = useMutation({
    mutationFn: () => client.call(testWebhook, { params }),
    onSuccess: () => toast('A test message is on its way: see the deliveries below.'),
  })
  const turn = useMutation({ mutationFn: () => client.call(updateWebhook, { params, body: { enabled: !webhook.enabled } }) })
  const rotate = useMutation({
    mutationFn: () => client.call(rotateWebhookSecret, { params }),
    onSuccess: ({ secret }) => onSecret(secret),
    ...done,
  })
  const remove = useMutation({ mutationFn: () => client.call(deleteWebhook, { params }), ...done })
  return (
    <span className="row-actions">
      {may('write') && webhook.enabled && (
        <Button look="quiet" icon="send" busy={test.isPending} onClick={() => test.mutate()}>
          Test
        </Button>
      )}
      {may('admin') && (
        <>
          <Button look="quiet" busy={turn.isPending} onClick={() => turn.mutate()}>
            {webhook.enabled ? 'Disable' : 'Enable'}
          </Button>
          <Button look="quiet" icon="key" onClick={() => setAsking('rotate')}>
            New secret
          </Button>
          <Button look="quiet" icon="trash" onClick={() => setAsking('delete')}>
            Delete
          </Button>
        </>
      )}
      {asking === 'rotate' && (
        <Confirm
          title="Make a new secret?"
          deed="New secret"
          busy={rotate.isPending}
          onConfirm={() => rotate.mutate()}
          onClose={() => setAsking(null)}
        >
          <p>For 24 hours messages carry both signatures, so that you can change over without losing one.</p>
        </Confirm>
      )}
      {asking === 'delete' && (
        <Confirm
          title="Delete this webhook?"
          deed="Delete webhook"
          busy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={() => setAsking(null)}
        >
          <p>
            <span className="address">{webhook.url}</span> gets nothing more; what is still to be sent to it is dropped.
          </p>
        </Confirm>
      )}
    </span>
  )
}
