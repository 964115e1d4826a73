import { useMutation } from '@tanstack/react-query'
import { deleteWebhook, updateWebhook, type Webhook } from '@tocsin/contract/api/webhooks'
import { useState } from 'react'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { toast } from '../../ui/toasts.tsx'
import { RotateSecret } from './rotate-secret.tsx'
import { ChangeWebhookForm } from './webhook-form.tsx'

type Asked = 'change' | 'rotate' | 'delete'

interface WebhookActionsProps {
  webhook: Webhook
  testing: boolean
  onTest: () => void
  onSecret: (secret: string) => void
  onClose: () => void
}

export function WebhookActions(props: WebhookActionsProps) {
  const { webhook } = props
  const { client, may } = useSigned()
  const [open, setOpen] = useState<Asked | null>(null)
  const turn = useMutation({
    mutationFn: () => client.call(updateWebhook, { params: { webhookId: webhook.id }, body: { enabled: !webhook.enabled } }),
    onSuccess: ({ enabled, missedSince }) =>
      enabled && missedSince && toast('It is enabled. What it has missed can be sent to it now.'),
  })
  return (
    <div className="button-row">
      {may('write') && webhook.enabled && (
        <Button icon="send" busy={props.testing} onClick={props.onTest}>
          Test
        </Button>
      )}
      {may('admin') && (
        <>
          <Button icon="edit" onClick={() => setOpen('change')}>
            Change
          </Button>
          <Button icon={webhook.enabled ? 'pause' : 'play'} busy={turn.isPending} onClick={() => turn.mutate()}>
            {webhook.enabled ? 'Disable' : 'Enable again'}
          </Button>
          <Button icon="key" onClick={() => setOpen('rotate')}>
            New secret
          </Button>
          <Button icon="trash" onClick={() => setOpen('delete')}>
            Delete
          </Button>
        </>
      )}
      <Opened {...props} open={open} close={() => setOpen(null)} />
    </div>
  )
}

/** What a button asks before it does something. */
function Opened(props: WebhookActionsProps & { open: Asked | null; close: () => void }) {
  const { client } = useSigned()
  const { webhook, open, close } = props
  const remove = useMutation({
    mutationFn: () => client.call(deleteWebhook, { params: { webhookId: webhook.id } }),
    onSuccess: props.onClose,
  })
  if (open === 'change')
    return (
      <Dialog title="Change the webhook" onClose={close}>
        <ChangeWebhookForm webhook={webhook} onDone={close} />
      </Dialog>
    )
  if (open === 'rotate')
    return (
      <RotateSecret
        webhookId={webhook.id}
        onClose={close}
        onSecret={(secret) => {
          close()
          props.onSecret(secret)
        }}
      />
    )
  if (open !== 'delete') return null
  return (
    <Confirm
      title="Delete this webhook?"
      deed="Delete webhook"
      busy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={close}
    >
      <p>
        <span className="address">{webhook.url}</span> gets nothing more; what is still to be sent to it is dropped.
      </p>
    </Confirm>
  )
}
