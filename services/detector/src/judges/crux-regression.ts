import { VitalMetric } from '@tocsin/contract/vitals'
import { z } from 'zod'

const Period = z.object({ firstDay: z.string(), lastDay: z.string(), p75: z.number(), goodShare: z.number().nullable() })
export type Period = z.infer<typeof Period>

export const CruxFacts = z.object({
  metric: VitalMetric,
  now: Period,
  /** The last one that has no day in common with this; while the fault is open, the one it was held against at first. */
  before: Period,
  /** The worst since it is open, of which half has to be made up for. Null: it is not open. */
  worst: Period.nullable(),
})
export type CruxFacts = z.infer<typeof CruxFacts>

export interface CruxConfig {
  readonly goodSharePoints: number
  readonly p75Percent: number
  readonly clsPoints: number
}

/** Two months before say nothing about what has changed now. */
const gapDaysMax = 14
const dayMs = 86_400_000

/** The last first. Null: there is no earlier period without a common day, near enough. */
export function periodBefore(periods: readonly Period[]): Period | null {
  const [now] = periods
  const before = now && periods.find(({ lastDay }) => lastDay < now.firstDay)
  if (!before) return null
  const gap = (Date.parse(now.firstDay) - Date.parse(before.lastDay)) / dayMs
  return gap <= gapDaysMax ? before : null
}

export function weighCrux({ metric, now, before, worst }: CruxFacts, config: CruxConfig): 'bad' | 'ok' | 'unknown' {
  if (now.goodShare === null || before.goodShare === null) return 'unknown'
  const hasLostVisits = before.goodShare - now.goodShare >= config.goodSharePoints / 100 - 1e-9
  const isSlower =
    metric === 'CLS'
      ? now.p75 - before.p75 >= config.clsPoints - 1e-9
      : now.p75 >= before.p75 * (1 + config.p75Percent / 100) - 1e-9
  if (hasLostVisits && isSlower) return 'bad'
  if (!worst) return 'ok'
  const half = (worst.p75 + before.p75) / 2
  const halfShare = ((worst.goodShare ?? now.goodShare) + before.goodShare) / 2
  return now.p75 <= half && now.goodShare >= halfShare ? 'ok' : 'unknown'
}
