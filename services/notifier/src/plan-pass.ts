import { planDeliveries } from '@tocsin/domain/deliveries/deliveries'
import { enabledDestinations } from '@tocsin/domain/destinations/destinations.read'
import { planBroadcasts } from '@tocsin/domain/subscribers/broadcasts'
import { enabledWebhooks } from '@tocsin/domain/webhooks/webhooks.read'
import type { Change } from '@tocsin/journal/change'
import { type ConsumeDeps, consumePass, type Troubled } from '@tocsin/journal/consume'
import type { DurableEvent } from '@tocsin/journal/read'
import type { PassResult } from '@tocsin/process/loop'
import { evaluateEvents } from './evaluate.ts'
import { plan } from './plan.ts'
import { planSecurityMail } from './security-mail.ts'

/** Turns new events into deliveries and alerts. The rows and the cursor commit together: an event is planned exactly once. */
export function createPlanPass(
  deps: ConsumeDeps,
  // Without a mail server members are mailed nothing: it would wait for ever.
  { mail }: { mail: boolean } = { mail: false },
): (signal?: AbortSignal) => Promise<PassResult> {
  const troubled: Troubled = new Map()
  async function handle(change: Change, events: readonly DurableEvent[]): Promise<void> {
    await planEvents(change, events)
    if (mail) await planSecurityMail(change, events)
  }
  return (signal) => consumePass(deps, { name: 'notifier', handle }, { troubled, signal })
}

async function planEvents(change: Change, events: readonly DurableEvent[]): Promise<void> {
  await planBroadcasts(change, events)
  await evaluateEvents(change, events)
  const webhooks = await enabledWebhooks(change.tx)
  const destinations = await enabledDestinations(change.tx)
  const deliveries = events.flatMap((event) => plan(event, { webhooks, destinations }))
  for (let from = 0; from < deliveries.length; from += rowsMax)
    await planDeliveries(change, deliveries.slice(from, from + rowsMax))
}

/** Of one statement. A page of events for as many receivers as an org may have is thirty thousand rows. */
const rowsMax = 1_000
