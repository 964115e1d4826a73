import type { Webhook } from '@tocsin/contract/api/webhooks'
import type { WebhookId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { useWebhooks } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded, Newest } from '../../ui/loaded.tsx'
import { Empty, Section } from '../../ui/screen.tsx'
import { SecretOnce } from '../../ui/secret-once.tsx'
import { Time } from '../../ui/time.tsx'
import { AddWebhookForm } from './webhook-form.tsx'
import { type WebhookParts, WebhookSheet } from './webhook-sheet.tsx'
import { WebhookState } from './webhook-state.tsx'
import { eventsText } from './webhook-words.ts'

const secretExplained = 'With it your program verifies that a message is from Tocsin. It is shown only now.'

export function WebhooksSection(parts: WebhookParts) {
  const { may } = useSigned()
  const webhooks = useWebhooks()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string | null>(null)
  const [openId, setOpenId] = useState<WebhookId | null>(null)
  const open = webhooks.data?.data.find(({ id }) => id === openId)
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
                  <li key={webhook.id}>
                    <WebhookRow webhook={webhook} onOpen={() => setOpenId(webhook.id)} />
                  </li>
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
      {open && <WebhookSheet {...parts} webhook={open} onSecret={setSecret} onClose={() => setOpenId(null)} />}
      {secret && (
        <SecretOnce title="The signing secret" secret={secret} explain={secretExplained} onClose={() => setSecret(null)} />
      )}
    </Section>
  )
}

function WebhookRow({ webhook, onOpen }: { webhook: Webhook; onOpen: () => void }) {
  return (
    <button type="button" className="row receiver" onClick={onOpen}>
      <Icon name="hook" />
      <span className="receiver-what">
        <strong className="anywhere">{webhook.url}</strong>
        <span className="muted anywhere">
          {webhook.description && <>{webhook.description} · </>}
          {eventsText(webhook.events)}
        </span>
        {webhook.enabled && webhook.missedSince && (
          <span className="muted">
            May have missed events since <Time at={webhook.missedSince} />
          </span>
        )}
      </span>
      <WebhookState webhook={webhook} />
      <Icon name="right" />
    </button>
  )
}
