import { system } from '@tocsin/contract/actor'
import type { OrgId, WebhookId } from '@tocsin/contract/ids'
import { advanceRecovery, cancelRecovery, runningRecoveries, takeRecovery, waitingMax } from '@tocsin/domain/webhooks/recovery'
import type { Foundation } from '@tocsin/journal/foundation'
import { readEvents } from '@tocsin/journal/read'
import type { PassResult } from '@tocsin/process/loop'
import { wantsWebhook } from './subscriptions.ts'

/** Endpoints per pass, and events per change: an org's other changes wait no longer than for one of these. */
const recoveriesMax = 20
const eventsMax = 500

/** A batch of every recovery that is under way. Its rows and how far it has come commit together: whoever dies, each event is planned once. */
export async function recoverPass(deps: Pick<Foundation, 'db' | 'journal'>): Promise<PassResult> {
  let result: PassResult = 'idle'
  for (const { orgId, webhookId } of await runningRecoveries(deps.db, recoveriesMax))
    if (await recoverBatch(deps, orgId, webhookId)) result = 'worked'
  return result
}

/** Whether it came any further. */
function recoverBatch({ journal }: Pick<Foundation, 'journal'>, orgId: OrgId, webhookId: WebhookId): Promise<boolean> {
  return journal.change(orgId, system('notifier'), async (change) => {
    const recovery = await takeRecovery(change, { webhookId })
    if (!recovery || (recovery.webhook.enabled && recovery.waiting >= waitingMax)) return false
    if (!recovery.webhook.enabled) {
      await cancelRecovery(change, { webhookId })
      return true
    }
    const page = await readEvents(change.tx, orgId, recovery.seq, eventsMax)
    const events = page.filter(({ seq }) => seq <= recovery.toSeq)
    // Fewer than asked for: nothing is left, even where the journal was pruned in the meantime.
    const seq = events.length < eventsMax ? recovery.toSeq : (events.at(-1)?.seq ?? recovery.toSeq)
    const messages = events
      .filter((event) => wantsWebhook(recovery.webhook, event))
      .map((event) => ({ seq: event.seq, type: event.type, at: event.at, data: event.data }))
    await advanceRecovery(change, { webhookId, seq: Math.max(seq, recovery.seq), messages })
    return true
  })
}
