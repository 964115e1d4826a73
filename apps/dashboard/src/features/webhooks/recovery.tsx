import { useQuery } from '@tanstack/react-query'
import { getWebhookRecovery, recoverWebhook, type Webhook, type WebhookRecovery } from '@tocsin/contract/api/webhooks'
import { ApiError } from '@tocsin/sdk/api-error'
import { useState } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Icon } from '../../ui/icon.tsx'
import { localInput, timeOfInput } from '../../ui/local-time.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { Time } from '../../ui/time.tsx'
import { text, useForm } from '../../ui/use-form.ts'
import { recoveredPart, recoveryText } from './webhook-words.ts'

/** How far it has come has no event. */
const pollMs = 1_500

function useRecovery({ id }: Webhook) {
  const { client, org } = useSigned()
  return useQuery({
    queryKey: ['recovery' satisfies Refetched, org.id, id],
    queryFn: async ({ signal }): Promise<WebhookRecovery | null> => {
      try {
        return await client.call(getWebhookRecovery, { params: { webhookId: id }, signal })
      } catch (error) {
        if (error instanceof ApiError && error.status === 404) return null // Nothing was ever recovered.
        throw error
      }
    },
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? pollMs : false),
  })
}

/** What an endpoint may have missed, sent to it now. */
export function Recovery({ webhook }: { webhook: Webhook }) {
  const { may } = useSigned()
  const [asking, setAsking] = useState(false)
  const recovery = useRecovery(webhook)
  const isRunning = recovery.data?.state === 'running'
  return (
    <section className="sheet-section" aria-label="What it has missed">
      <div className="section-head">
        <h3>What it has missed</h3>
        {may('write') && webhook.enabled && !isRunning && (
          <Button icon="repeat" onClick={() => setAsking(true)}>
            Send what it has missed
          </Button>
        )}
      </div>
      {webhook.enabled && webhook.missedSince && !isRunning && (
        <p className="notice">
          <Icon name="clock" />
          <span>
            It was disabled, and may have missed what happened since <Time at={webhook.missedSince} />.
          </span>
        </p>
      )}
      {recovery.data && <Progress recovery={recovery.data} />}
      {!recovery.data && !webhook.missedSince && (
        <p className="muted">Messages that were given up, dropped or never planned can be sent again.</p>
      )}
      {asking && <RecoverDialog webhook={webhook} onClose={() => setAsking(false)} />}
    </section>
  )
}

function Progress({ recovery }: { recovery: WebhookRecovery }) {
  const percent = Math.round(recoveredPart(recovery) * 100)
  return (
    <div role="status">
      {recovery.state === 'running' && (
        <progress
          className="bar"
          aria-label="Progress of the recovery"
          aria-valuetext={`${percent} percent`}
          max={100}
          value={percent}
        />
      )}
      <p className="muted">
        {recoveryText(recovery)}, since <Time at={recovery.since} />. Asked for <Time at={recovery.startedAt} />.
      </p>
    </div>
  )
}

function RecoverDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { client } = useSigned()
  const recovery = useRecovery(webhook)
  const { form, errorOf, busy, problem } = useForm({
    endpoint: recoverWebhook,
    read: (data) => ({ since: timeOfInput(text(data, 'since')) }),
    submit: (body) => client.call(recoverWebhook, { params: { webhookId: webhook.id }, body }),
    done: () => {
      onClose()
      void recovery.refetch()
    },
  })
  return (
    <Dialog title="Send what it has missed" onClose={onClose}>
      <form {...form}>
        <TextField
          label="Since"
          name="since"
          type="datetime-local"
          defaultValue={localInput(webhook.missedSince ?? webhook.failingSince)}
          hint="What it has accepted is not sent again."
          error={errorOf('since')}
        />
        {problem && <ProblemNote error={problem} />}
        <Button look="primary" icon="repeat" type="submit" busy={busy}>
          Send
        </Button>
      </form>
    </Dialog>
  )
}
