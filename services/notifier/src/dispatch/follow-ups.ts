import type { FollowUp } from '@tocsin/domain/notices/follow-ups'
import type { AlertToTell, WaitingNotice } from '@tocsin/domain/notices/notices.read'
import type { Entry } from './messages.ts'
import { isSomebodyOnIt, type Mute } from './mute.ts'
import { type GroupWorld, isGoodNews } from './world.ts'

/** However often acknowledgements run out: somebody who was told so often will not be moved by one more. */
const roundsMax = 5

/** What is to be told later because of what was decided now: what is muted when it no longer is, a reminder, the next step. */
export function followUpsOf(
  notice: WaitingNotice,
  alert: AlertToTell,
  mute: Mute | null,
  heard: readonly Entry[],
  world: Pick<GroupWorld, 'now' | 'rule'>,
): FollowUp[] {
  const { rule, now } = world
  // An acknowledgement runs out also where nobody had heard yet of what was acknowledged.
  if (notice.kind === 'acknowledged') return rule ? acknowledgementEnds(alert, rule) : []
  if (mute) {
    const { kind, step, round } = notice
    return mute.again ? [followUp(alert, { kind, step, round, dueAt: mute.again.at, waitsFor: mute.again.waitsFor })] : []
  }
  if (!rule) return []
  if (isGoodNews(notice.kind, alert) || alert.state === 'resolved') return []
  if (isSomebodyOnIt(alert, rule, now)) return []
  const told = heard.some(({ hearing }) => hearing.verdict !== 'suppressed')
  const reminder =
    told && rule.repeatMinutes > 0 ? [followUp(alert, { kind: 'reminder', dueAt: after(now, rule.repeatMinutes) })] : []
  return [...reminder, ...nextStep(notice, alert, world)]
}

/** An acknowledgement that is good for a time only is followed by a reminder, which counts the rounds. */
function acknowledgementEnds(alert: AlertToTell, rule: NonNullable<GroupWorld['rule']>): FollowUp[] {
  const minutes = rule.escalation?.acknowledgeWithinMinutes ?? null
  if (minutes === null || alert.state !== 'acknowledged' || !alert.acknowledgedAt) return []
  return [followUp(alert, { kind: 'reminder', round: alert.rounds, dueAt: after(alert.acknowledgedAt, minutes) })]
}

/** Triggered → first step → … → last step → first step of the next round. */
function nextStep(
  { kind, step, round }: WaitingNotice,
  alert: AlertToTell,
  { rule, now }: Pick<GroupWorld, 'now' | 'rule'>,
): FollowUp[] {
  const escalation = rule?.escalation
  if (!escalation) return []
  const at = (next: number, inRound: number): FollowUp[] => {
    const due = escalation.steps[next]
    return due ? [followUp(alert, { kind: 'escalated', step: next, round: inRound, dueAt: after(now, due.afterMinutes) })] : []
  }
  // What is worse may have come back after its escalation had ended; one that goes on is not begun anew.
  if (kind === 'triggered' || kind === 'worsened') return at(0, 1)
  // Of an acknowledgement that has run out.
  if (kind === 'reminder' && round !== null) return round < roundsMax ? at(0, round + 1) : []
  if (kind !== 'escalated' || step === null || round === null) return []
  if (step + 1 < escalation.steps.length) return at(step + 1, round)
  return round < escalation.rounds ? at(0, round + 1) : []
}

function followUp(
  alert: AlertToTell,
  what: Pick<FollowUp, 'kind' | 'dueAt'> & Partial<Pick<FollowUp, 'step' | 'round' | 'waitsFor'>>,
): FollowUp {
  return { alertId: alert.id, severity: alert.severity, step: null, round: null, waitsFor: null, ...what }
}

const after = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * 60_000)
