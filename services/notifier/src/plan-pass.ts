import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { lockAlertDay, saveAlertDay } from '@tocsin/domain/alert-days/alert-days'
import { planDeliveries } from '@tocsin/domain/deliveries/deliveries'
import { readTold } from '@tocsin/domain/deliveries/told'
import { enabledDestinations } from '@tocsin/domain/destinations/destinations.read'
import { getOrg } from '@tocsin/domain/orgs/orgs'
import { enabledWebhooks } from '@tocsin/domain/webhooks/webhooks.read'
import type { Change } from '@tocsin/journal/change'
import { type ConsumeDeps, consumePass, type Troubled } from '@tocsin/journal/consume'
import type { DurableEvent } from '@tocsin/journal/read'
import type { PassResult } from '@tocsin/process/loop'
import { evaluateEvents } from './evaluate.ts'
import { type Plan, type PlanWorld, plan, threatOf } from './plan.ts'
import { planSecurityMail } from './security-mail.ts'

/** Turns new events into deliveries. The rows and the cursor commit together: an event is planned exactly once. */
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
  await evaluateEvents(change, events)
  const webhooks = await enabledWebhooks(change.tx)
  const destinations = await enabledDestinations(change.tx)
  if (webhooks.length === 0 && destinations.length === 0) return
  const world: PlanWorld = {
    now: change.now,
    webhooks,
    destinations,
    ...(await mailWorld(change, events, destinations.length > 0)),
  }
  const { deliveries, day } = planAll(events, world)
  for (let from = 0; from < deliveries.length; from += rowsMax)
    await planDeliveries(change, deliveries.slice(from, from + rowsMax))
  if (day !== world.day) await saveAlertDay(change, day)
  if (day.trippedAt && !world.day.trippedAt) change.emit(circuitBreakerTripped, { day: day.day, limit: world.limits.daily })
}

/** Of one statement. A page of events for as many receivers as an org may have is thirty thousand rows. */
const rowsMax = 1_000

/** Without anybody to mail to there is nothing to look up, and no day to lock. */
async function mailWorld(
  change: Change,
  events: readonly DurableEvent[],
  anyDestination: boolean,
): Promise<Pick<PlanWorld, 'limits' | 'day' | 'told'>> {
  if (!anyDestination)
    return {
      limits: { daily: 0, criticalReserve: 0 },
      day: { day: '', sent: 0, criticalSent: 0, trippedAt: null },
      told: new Map(),
    }
  const org = await getOrg(change.tx, change.orgId)
  return {
    limits: { daily: org.dailyAlertLimit, criticalReserve: org.dailyCriticalReserve },
    day: await lockAlertDay(change),
    told: await readTold(change.tx, [...new Set(events.flatMap((event) => threatOf(event)?.id ?? []))]),
  }
}

/** Each event is planned in the world that the one before it left behind. */
function planAll(events: readonly DurableEvent[], world: PlanWorld): Plan {
  const deliveries: Plan['deliveries'][number][] = []
  let { day, told } = world
  for (const event of events) {
    const next = plan(event, { ...world, day, told })
    deliveries.push(...next.deliveries)
    day = next.day
    told = next.told
  }
  return { deliveries, day, told }
}
