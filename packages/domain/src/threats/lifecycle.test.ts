import { describe, expect, test } from '@jest/globals'
import type { Severity } from '@tocsin/contract/rule'
import { decide } from './lifecycle.ts'
import type { Held, HeldState, Level, Reason } from './situation.ts'

const start = new Date('2026-03-01T10:00:00Z')
const at = (seconds: number) => new Date(start.getTime() + seconds * 1000)
const confirmation = { firstSeconds: 60, secondSeconds: 600, resolveSeconds: 600 }

function hold(state: HeldState, more: Partial<Held> = {}): Held {
  return {
    state,
    severity: 'medium',
    firstSeenAt: start,
    okSince: null,
    nextLookAt: null,
    looks: ['bad'],
    flips: [],
    flapping: null,
    heldAt: null,
    ...more,
  }
}
function decideAt(seconds: number, held: Held | null, level: Level, more: { severity?: Severity; baseline?: boolean } = {}) {
  const { severity = 'medium', baseline = false } = more
  // Flips have a file of their own: flapping.test.ts.
  const decision = decide({ held, seen: { level, severity }, baseline, confirmation, now: at(seconds) })
  const { reason, to, okSince, nextLookAt } = decision
  return { reason, to, okSince, nextLookAt }
}

describe('a key that nothing is known about', () => {
  test.each<{ level: Level; severity: Severity; baseline: boolean; reason: Reason; to: string; look: number | null }>([
    { level: 'bad', severity: 'low', baseline: false, reason: 'suspect', to: 'suspected', look: 60 },
    { level: 'bad', severity: 'critical', baseline: false, reason: 'suspect', to: 'suspected', look: 60 },
    { level: 'bad', severity: 'critical', baseline: true, reason: 'suspect', to: 'suspected', look: 60 },
    { level: 'bad', severity: 'high', baseline: true, reason: 'hygiene', to: 'hygiene', look: null },
    { level: 'bad', severity: 'low', baseline: true, reason: 'hygiene', to: 'hygiene', look: null },
    { level: 'ok', severity: 'high', baseline: false, reason: 'nothing', to: 'nothing', look: null },
    { level: 'unknown', severity: 'critical', baseline: false, reason: 'nothing', to: 'nothing', look: null },
    { level: 'unknown', severity: 'critical', baseline: true, reason: 'nothing', to: 'nothing', look: null },
  ])('$level $severity, baseline $baseline → $reason', ({ level, severity, baseline, reason, to, look }) => {
    expect(decideAt(0, null, level, { severity, baseline })).toEqual({
      reason,
      to,
      okSince: null,
      nextLookAt: look === null ? null : at(look),
    })
  })
})

test.each<{ severity: Severity; dayOne: boolean; reason: Reason }>([
  { severity: 'low', dayOne: false, reason: 'confirm' },
  { severity: 'low', dayOne: true, reason: 'hygiene' },
  { severity: 'critical', dayOne: true, reason: 'confirm' },
])('conclusive, $severity, so on day one $dayOne → $reason', ({ severity, dayOne, reason }) => {
  const seen = { level: 'bad', severity, conclusive: true, dayOne } as const
  expect(decide({ held: null, seen, baseline: false, confirmation, now: start })).toMatchObject({ reason })
})

describe('a suspicion', () => {
  test.each<{
    when: string
    looks: Level[]
    due: number
    now: number
    level: Level
    reason: Reason
    to: string
    look: number | null
  }>([
    {
      when: 'bad at its second look',
      looks: ['bad'],
      due: 60,
      now: 60,
      level: 'bad',
      reason: 'confirm',
      to: 'active',
      look: null,
    },
    {
      when: 'seen again before its time',
      looks: ['bad'],
      due: 60,
      now: 59,
      level: 'bad',
      reason: 'too_early',
      to: 'suspected',
      look: 60,
    },
    {
      when: 'well before its time',
      looks: ['bad'],
      due: 60,
      now: 5,
      level: 'ok',
      reason: 'too_early',
      to: 'suspected',
      look: 60,
    },
    {
      when: 'well at its second look',
      looks: ['bad'],
      due: 60,
      now: 60,
      level: 'ok',
      reason: 'disagree',
      to: 'suspected',
      look: 600,
    },
    { when: 'bad, ok, bad', looks: ['bad', 'ok'], due: 600, now: 600, level: 'bad', reason: 'confirm', to: 'active', look: null },
    { when: 'bad, ok, ok', looks: ['bad', 'ok'], due: 600, now: 600, level: 'ok', reason: 'dismiss', to: 'nothing', look: null },
    {
      when: 'unknown at its second look',
      looks: ['bad'],
      due: 60,
      now: 60,
      level: 'unknown',
      reason: 'unclear',
      to: 'suspected',
      look: 600,
    },
    {
      when: 'unknown does not count against bad',
      looks: ['bad', 'unknown'],
      due: 600,
      now: 600,
      level: 'bad',
      reason: 'confirm',
      to: 'active',
      look: null,
    },
    {
      when: 'unknown does not count for ok',
      looks: ['bad', 'unknown'],
      due: 600,
      now: 600,
      level: 'ok',
      reason: 'disagree',
      to: 'suspected',
      look: 660,
    },
    {
      when: 'unknown again waits longer',
      looks: ['bad', 'unknown', 'unknown'],
      due: 720,
      now: 720,
      level: 'unknown',
      reason: 'unclear',
      to: 'suspected',
      look: 960,
    },
    {
      when: 'unknown too often',
      looks: ['bad', 'unknown', 'unknown', 'unknown', 'unknown'],
      due: 900,
      now: 900,
      level: 'unknown',
      reason: 'give_up',
      to: 'nothing',
      look: null,
    },
    {
      when: 'a look that comes late',
      looks: ['bad'],
      due: 60,
      now: 7200,
      level: 'ok',
      reason: 'disagree',
      to: 'suspected',
      look: 7260,
    },
  ])('$when → $reason', ({ looks, due, now, level, reason, to, look }) => {
    expect(decideAt(now, hold('suspected', { looks, nextLookAt: at(due) }), level)).toEqual({
      reason,
      to,
      okSince: null,
      nextLookAt: look === null ? null : at(look),
    })
  })
})

describe.each<HeldState>(['active', 'acknowledged'])('an %s threat', (state) => {
  test.each<{
    when: string
    held: Partial<Held>
    now: number
    level: Level
    severity?: Severity
    reason: Reason
    to?: string
    ok: number | null
    look: number | null
  }>([
    { when: 'bad again', held: {}, now: 900, level: 'bad', reason: 'repeat', ok: null, look: null },
    { when: 'bad again, worse', held: {}, now: 900, level: 'bad', severity: 'high', reason: 'worsened', ok: null, look: null },
    { when: 'bad again, milder', held: {}, now: 900, level: 'bad', severity: 'low', reason: 'eased', ok: null, look: null },
    { when: 'ok for the first time', held: {}, now: 900, level: 'ok', reason: 'first_ok', ok: 900, look: 1500 },
    {
      when: 'ok again too early',
      held: { okSince: at(900) },
      now: 1499,
      level: 'ok',
      reason: 'ok_too_early',
      ok: 900,
      look: 1500,
    },
    {
      when: 'ok again',
      held: { okSince: at(900), nextLookAt: at(1500) },
      now: 1500,
      level: 'ok',
      reason: 'resolve',
      to: 'resolved',
      ok: 900,
      look: null,
    },
    {
      when: 'bad after an ok',
      held: { okSince: at(900), nextLookAt: at(1500) },
      now: 1500,
      level: 'bad',
      reason: 'repeat',
      ok: null,
      look: null,
    },
    { when: 'unknown', held: {}, now: 900, level: 'unknown', reason: 'unclear', ok: null, look: null },
    {
      when: 'unknown after an ok',
      held: { okSince: at(900), looks: ['bad', 'ok'] },
      now: 1500,
      level: 'unknown',
      reason: 'unclear',
      ok: 900,
      look: 1560,
    },
    {
      when: 'unknown after an ok, again',
      held: { okSince: at(900), looks: ['ok', 'unknown'] },
      now: 1560,
      level: 'unknown',
      reason: 'unclear',
      ok: 900,
      look: 1680,
    },
    {
      when: 'unknown too often',
      held: { okSince: at(900), looks: ['ok', 'unknown', 'unknown', 'unknown', 'unknown'] },
      now: 2000,
      level: 'unknown',
      reason: 'unclear',
      ok: 900,
      look: null,
    },
  ])('$when → $reason', ({ held, now, level, severity, reason, to, ok, look }) => {
    expect(decideAt(now, hold(state, held), level, severity ? { severity } : {})).toEqual({
      reason,
      to: to ?? state,
      okSince: ok === null ? null : at(ok),
      nextLookAt: look === null ? null : at(look),
    })
  })
})

describe('hygiene', () => {
  test.each<{
    when: string
    held: Partial<Held>
    now: number
    level: Level
    severity?: Severity
    baseline?: boolean
    reason: Reason
    to: string
  }>([
    { when: 'still there', held: {}, now: 900, level: 'bad', reason: 'keep', to: 'hygiene' },
    {
      when: 'a little worse',
      held: { severity: 'low' },
      now: 900,
      level: 'bad',
      severity: 'medium',
      reason: 'keep',
      to: 'hygiene',
    },
    { when: 'grown severe', held: {}, now: 900, level: 'bad', severity: 'high', reason: 'hygiene_worsened', to: 'suspected' },
    {
      when: 'severe since day one',
      held: { severity: 'high' },
      now: 900,
      level: 'bad',
      severity: 'high',
      reason: 'keep',
      to: 'hygiene',
    },
    {
      when: 'grown severe before the baseline',
      held: {},
      now: 900,
      level: 'bad',
      severity: 'high',
      baseline: true,
      reason: 'keep',
      to: 'hygiene',
    },
    { when: 'repaired', held: {}, now: 900, level: 'ok', reason: 'first_ok', to: 'hygiene' },
    { when: 'repaired, seen twice', held: { okSince: at(900) }, now: 1500, level: 'ok', reason: 'hygiene_gone', to: 'nothing' },
    { when: 'unknown', held: {}, now: 900, level: 'unknown', reason: 'unclear', to: 'hygiene' },
  ])('$when → $reason', ({ held, now, level, severity, baseline = false, reason, to }) => {
    const decision = decideAt(now, hold('hygiene', held), level, { baseline, ...(severity ? { severity } : {}) })
    expect(decision).toMatchObject({ reason, to })
  })
})

describe('a fault that worsens by its age alone', () => {
  const seen = { level: 'bad', severity: 'high', worsensAt: at(1_800) } as const
  const situation = { baseline: false, confirmation, now: at(60) }
  const decisionOn = (held: Held | null, more: object = {}) => decide({ ...situation, held, seen, ...more })
  test.each<{ when: string; held: Held | null; more?: object; reason: Reason; look: number }>([
    { when: 'is confirmed', held: hold('suspected', { nextLookAt: at(60) }), reason: 'confirm', look: 1_800 },
    { when: 'is seen again', held: hold('active', { severity: 'high' }), reason: 'repeat', look: 1_800 },
    { when: 'is there on day one', held: null, more: { baseline: true }, reason: 'hygiene', look: 1_800 },
    { when: 'is still there later on day one', held: hold('hygiene', { severity: 'high' }), reason: 'keep', look: 1_800 },
    {
      when: 'is unknown before its time',
      held: hold('active', { nextLookAt: at(1_800) }),
      more: { seen: { level: 'unknown', severity: 'low' } },
      reason: 'unclear',
      look: 1_800,
    },
    {
      when: 'is unknown at its time',
      held: hold('active', { nextLookAt: at(1_800) }),
      more: { seen: { level: 'unknown', severity: 'low' }, now: at(1_800) },
      reason: 'unclear',
      look: 1_860,
    },
    {
      when: 'has become critical before the baseline',
      held: hold('hygiene', { severity: 'high' }),
      more: { seen: { level: 'bad', severity: 'critical' }, baseline: true },
      reason: 'hygiene_worsened',
      look: 120,
    },
  ])('$when → looked at in time', ({ held, more, reason, look }) => {
    expect(decisionOn(held, more)).toMatchObject({ reason, nextLookAt: at(look) })
  })
})

test.each<Level>(['bad', 'ok', 'unknown'])('an accepted threat stays silent when it is %s', (level) => {
  expect(decideAt(900, hold('accepted'), level, { severity: 'critical' })).toEqual({
    reason: 'accepted',
    to: 'accepted',
    okSince: null,
    nextLookAt: null,
  })
})
