import { useMutation, useQueryClient } from '@tanstack/react-query'
import { testWebhook, type Webhook } from '@tocsin/contract/api/webhooks'
import type { DeliveryId, WebhookId } from '@tocsin/contract/ids'
import type { ReactNode } from 'react'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Time, useNowMs } from '../../ui/time.tsx'
import { Recovery } from './recovery.tsx'
import { WebhookActions } from './webhook-actions.tsx'
import { WebhookState } from './webhook-state.tsx'
import { eventsText, failingText } from './webhook-words.ts'

/** What is drawn by whoever knows deliveries. */
export interface WebhookParts {
  outcome: (deliveryId: DeliveryId) => ReactNode
  deliveries: (webhookId: WebhookId) => ReactNode
}

/** One endpoint: how it fares, what it gets, and everything that can be done about it. */
export function WebhookSheet(
  props: WebhookParts & {
    webhook: Webhook
    onSecret: (secret: string) => void
    onClose: () => void
  },
) {
  const { webhook } = props
  const queries = useQueryClient()
  const { client } = useSigned()
  const test = useMutation({
    mutationFn: () => client.call(testWebhook, { params: { webhookId: webhook.id } }),
    // That a message was planned has no event.
    onSuccess: () =>
      queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('deliveries' satisfies Refetched) }),
  })
  return (
    <Dialog title={webhook.url} shape="sheet" onClose={props.onClose}>
      <WebhookState webhook={webhook} />
      <Facts webhook={webhook} />
      <Failing webhook={webhook} />
      <WebhookActions {...props} testing={test.isPending} onTest={() => test.mutate()} />
      {test.data && <div key={test.data.id}>{props.outcome(test.data.id)}</div>}
      <Recovery webhook={webhook} />
      {props.deliveries(webhook.id)}
    </Dialog>
  )
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { events, description, headerNames, rateLimitPerMinute, ordered, createdAt, slowedUntil } = webhook
  const nowMs = useNowMs()
  const isSpared = slowedUntil !== null && Date.parse(slowedUntil) > nowMs
  return (
    <dl className="facts facts-short">
      {description && <Fact name="Note">{description}</Fact>}
      <Fact name="Gets">{eventsText(events)}</Fact>
      <Fact name="Headers">{headerNames.length > 0 ? <code>{headerNames.join(', ')}</code> : 'only ours'}</Fact>
      <Fact name="At most">{rateLimitPerMinute === null ? 'as many as it answers' : `${rateLimitPerMinute} a minute`}</Fact>
      <Fact name="Order">{ordered ? 'strict: one message at a time' : 'as they come'}</Fact>
      {isSpared && (
        <Fact name="Spared">
          it asked for less, and goes on <Time at={slowedUntil} />
        </Fact>
      )}
      <Fact name="Added">
        <Time at={createdAt} />
      </Fact>
    </dl>
  )
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd className="anywhere">{children}</dd>
  </>
)

function Failing({ webhook: { enabled, failingSince } }: { webhook: Webhook }) {
  const now = useNowMs()
  if (!enabled || !failingSince) return null
  return (
    <p className="notice">
      <Icon name="high" />
      <span>
        It has accepted nothing since <Time at={failingSince} />. {failingText(failingSince, now)}
      </span>
    </p>
  )
}
