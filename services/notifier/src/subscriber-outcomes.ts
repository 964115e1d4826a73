import type { DeliveryState } from '@tocsin/contract/api/deliveries'
import type { SubscriberId } from '@tocsin/contract/ids'
import { type BounceKind, lockForOutcomes, noteBounce, noteReached } from '@tocsin/domain/subscribers/bounces'
import type { Change } from '@tocsin/journal/change'
import type { SendResult } from './channels/channel.ts'

export interface Outcome {
  readonly receiverId: string
  readonly result: Pick<SendResult, 'outcome' | 'mailbox'>
  /** What follows for the delivery. */
  readonly state: Extract<DeliveryState, 'succeeded' | 'exhausted' | 'pending'>
}

/** Of an attempt: what it says about a subscriber; null: nothing. That our own mail server is away says nothing about anybody's mailbox. */
function bounceOf({ result, state }: Omit<Outcome, 'receiverId'>): BounceKind | null {
  if (result.outcome === 'gone') return 'gone'
  if (result.mailbox === 'gone') return 'hard'
  return state === 'exhausted' && result.outcome === 'rejected' ? 'soft' : null
}

/** What a batch of attempts says about subscribers. Those of other receivers are not looked at. */
export function subscriberOutcomes(outcomes: readonly Outcome[]) {
  const theirs = outcomes.filter(({ receiverId }) => receiverId.startsWith('sub_'))
  // A receiver with this prefix is a subscriber.
  const idOf = ({ receiverId }: Outcome) => receiverId as SubscriberId
  const reached = theirs.filter(({ result }) => result.outcome === 'accepted').map(idOf)
  const bounces = theirs.flatMap((outcome) => {
    const kind = bounceOf(outcome)
    return kind ? [{ subscriberId: idOf(outcome), kind }] : []
  })
  return {
    lock: (change: Change) => lockForOutcomes(change, { reached, bounced: bounces.map(({ subscriberId }) => subscriberId) }),
    async note(change: Change): Promise<void> {
      await noteReached(change, reached)
      for (const bounce of bounces) await noteBounce(change, bounce)
    },
  }
}
