import { scanQueue } from '@tocsin/domain/scans/claim'
import type { Foundation } from '@tocsin/journal/foundation'
import type { PassResult } from '@tocsin/process/loop'

/** How much waits for a detector, and for how long: what an operator or an autoscaler goes by. */
export async function queuePass(deps: Pick<Foundation, 'db' | 'clock' | 'metrics'>): Promise<PassResult> {
  const queue = await deps.db.transaction('installation', (sql) => scanQueue(sql, deps.clock.now()))
  deps.metrics.gauge('scan_queue_waiting', 'Scans that nobody works on').set(queue.waiting)
  deps.metrics.gauge('scan_queue_oldest_seconds', 'How long the oldest of them has been waiting').set(queue.oldestSeconds)
  return 'idle'
}
