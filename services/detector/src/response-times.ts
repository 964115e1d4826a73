import { bucketOf } from '@tocsin/domain/vitals/buckets'
import { type Histogram, histogramOf } from '@tocsin/domain/vitals/histogram'
import { isHtml } from './crawler/extract.ts'
import type { PageObservation } from './crawler/observation.ts'

/** How long pages took to answer whole; one that has not changed, to say so. Redirects and errors say nothing of pages. */
export function countingResponseTimes() {
  const counts = new Map<number, number>()
  return {
    add({ url, finalUrl, hops, status, fault, contentType, elapsedMs }: PageObservation): void {
      const redirects = hops.length > 0 && finalUrl !== url
      if (redirects || status !== 200 || fault !== null || !isHtml(contentType)) return
      const bucket = bucketOf('TTFB', elapsedMs)
      counts.set(bucket, (counts.get(bucket) ?? 0) + 1)
    },
    histogram: (): Histogram => histogramOf(counts),
  }
}
