import type { AlertCondition, AlertRuleInput } from '@tocsin/contract/api/alert-rules'
import type { Change } from '@tocsin/journal/change'

const minuteMs = 60_000
/** What was measured in a window may still be on its way when the window is over: vitals are collected for some seconds. */
const settleMs = minuteMs

/** The newest window that is over, on a grid that is the same for all and for ever. */
export function windowOver(condition: Pick<AlertCondition, 'windowMinutes' | 'daily'>, now: Date): { from: Date; to: Date } {
  const ms = condition.windowMinutes * minuteMs
  const at = now.getTime()
  // A day's job looks back from its own time.
  const to = condition.daily ? at : Math.floor((at - settleMs) / ms) * ms
  return { from: new Date(to - ms), to: new Date(to) }
}

/** When the window after that one can be judged. */
export function nextWindow({ windowMinutes }: Pick<AlertCondition, 'windowMinutes'>, now: Date): Date {
  const ms = windowMinutes * minuteMs
  return new Date(Math.floor((now.getTime() - settleMs) / ms) * ms + ms + settleMs)
}

/**
 * A rule over a metric is judged when the window that is running now is over: it says nothing of those before. One that is judged once a
 * day waits for the scheduler, which marks it when the org's hour has come; today's is past if its hour is.
 */
export async function firstEvaluation(
  { tx, orgId, now }: Pick<Change, 'tx' | 'orgId' | 'now'>,
  { condition, enabled }: Pick<AlertRuleInput, 'condition' | 'enabled'>,
): Promise<{ nextEvaluationAt: Date | null; lastDailyOn: string | null }> {
  if (!condition || !enabled) return { nextEvaluationAt: null, lastDailyOn: null }
  if (!condition.daily) return { nextEvaluationAt: nextWindow(condition, now), lastDailyOn: null }
  const { rows } = await tx.query<{ hour: number }>('select daily_hour as hour from org where id = $1', [orgId])
  const today = now.toISOString().slice(0, 10)
  const isPast = now.getUTCHours() >= (rows[0]?.hour ?? 0)
  return { nextEvaluationAt: null, lastDailyOn: isPast ? today : null }
}
