import type { ScanId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'

/** Counts by bucket of times to first byte. */
interface Times {
  readonly buckets: readonly number[]
  readonly counts: readonly number[]
}

/** Of a scan that saw everything: by others one could not tell whether the site or the share that was seen is slow. After lockLeasedScan. */
export async function recordResponseTimes(change: Change, { scanId, times }: { scanId: ScanId; times: Times }): Promise<void> {
  await change.tx.query('update scan set response_buckets = $2, response_counts = $3 where id = $1', [
    scanId,
    times.buckets,
    times.counts,
  ])
}
