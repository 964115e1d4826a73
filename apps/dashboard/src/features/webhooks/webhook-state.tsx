import type { Webhook } from '@tocsin/contract/api/webhooks'
import { Time } from '../../ui/time.tsx'
import { disabledWords } from './webhook-words.ts'

export function WebhookState({ webhook: { enabled, disabledReason, failingSince } }: { webhook: Webhook }) {
  if (!enabled) {
    const reason = disabledReason ?? 'by_hand'
    return (
      <span className="chip" data-tone={reason === 'by_hand' ? 'off' : 'bad'}>
        {disabledWords[reason]}
      </span>
    )
  }
  return (
    <span className="chip" data-tone={failingSince ? 'warn' : 'good'}>
      {failingSince ? (
        <>
          Failing since <Time at={failingSince} />
        </>
      ) : (
        'On'
      )}
    </span>
  )
}
