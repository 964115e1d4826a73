import { forgetEndedSessions } from '@tocsin/domain/accounts/accounts'
import { forgetOldAnswers } from '@tocsin/domain/idempotency/idempotency'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/** Short enough to disturb nobody; if there is more, the pass is run again. */
const rowsMax = 1_000

/** Deletes what no longer counts: ended sessions, old failures to sign in, and answers kept for repetitions. Several may run. */
export async function forgetPass(deps: Pick<Foundation, 'db' | 'clock'>): Promise<PassResult> {
  const now = deps.clock.now()
  const gone = await deps.db.transaction('installation', async (sql) => {
    const sessions = await forgetEndedSessions(sql, now, rowsMax)
    return sessions + (await forgetOldAnswers(sql, now, rowsMax))
  })
  return gone > 0 ? 'worked' : 'idle'
}
