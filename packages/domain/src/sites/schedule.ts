import { createHash } from 'node:crypto'

const hourMs = 3_600_000
/** Runs are moved by up to this share of their interval, so that sites created together do not stay together. */
const jitterShare = 0.1

/**
 * When a site is scanned next, after a run that was due at `dueAt` and is queued at `now`. The spread comes from the site and the
 * moment, not from chance: two replicas would say the same. A site that comes very late was overdue with many others (we were down),
 * so its next run lies anywhere in the second half of its interval and the herd does not come back.
 */
export function nextScanAt(input: { siteId: string; intervalHours: number; dueAt: Date; now: Date }): Date {
  const intervalMs = input.intervalHours * hourMs
  const lateMs = input.now.getTime() - input.dueAt.getTime()
  const share = shareOf(`${input.siteId} ${input.dueAt.toISOString()}`)
  const factor = lateMs > intervalMs * jitterShare ? 0.5 + share / 2 : 1 - jitterShare + 2 * jitterShare * share
  return new Date(Math.round(input.now.getTime() + intervalMs * factor))
}

/** 0 ≤ share < 1, even over all texts. */
function shareOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32
}
