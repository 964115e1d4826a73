import { describe, expect, test } from '@jest/globals'
import { afterAttempt, slowUntil } from './after-attempt.ts'
import type { SendResult } from './channels/channel.ts'
import { NotifierEnv, retryStepsMs } from './env.ts'

const now = new Date('2026-03-02T09:00:00Z')
const stepsMs = retryStepsMs(NotifierEnv.parse({}).WEBHOOK_RETRY_SCHEDULE)
const minutes = 60_000
const hours = 60 * minutes
const result = (more: Partial<SendResult>): SendResult => ({
  outcome: 'rejected',
  retry: true,
  status: 500,
  latencyMs: 1,
  response: '',
  retryAfterMs: null,
  slow: false,
  ...more,
})
const middle = () => 0.5
const waitMs = (step: number, more: Partial<SendResult> = {}, random = middle) => {
  const next = afterAttempt(result(more), { step, stepsMs, now, random })
  return next.state === 'pending' ? next.at.getTime() - now.getTime() : next.state
}

describe('the schedule', () => {
  test('ten attempts: at once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h', () => {
    const waits = Array.from({ length: 10 }, (_, step) => waitMs(step))
    const expected = [5_000, 5 * minutes, 30 * minutes, 2 * hours, 5 * hours, 10 * hours, 14 * hours, 20 * hours, 24 * hours]
    expect(waits).toEqual([...expected, 'exhausted'])
  })

  test('each ±20 %, never beyond a day', () => {
    expect(waitMs(1, {}, () => 0)).toBe(4 * minutes)
    expect(waitMs(1, {}, () => 1)).toBe(6 * minutes)
    expect(waitMs(8, {}, () => 1)).toBe(24 * hours)
  })

  test('the step counts on', () => expect(afterAttempt(result({}), { step: 3, stepsMs, now })).toMatchObject({ step: 4 }))

  test.each([
    { when: 'accepted', more: { outcome: 'accepted' }, expected: 'succeeded' },
    { when: 'gone', more: { outcome: 'gone', retry: false }, expected: 'exhausted' },
    { when: 'never by SMTP', more: { retry: false, status: 550 }, expected: 'exhausted' },
    { when: 'cut by our own stop', more: { outcome: 'aborted' }, expected: 0 },
    { when: 'asked to wait longer than the step', more: { retryAfterMs: hours }, expected: hours },
    { when: 'asked to wait less than the step', more: { retryAfterMs: 1_000 }, expected: 5_000 },
    { when: 'asked to wait for ever', more: { retryAfterMs: 400 * hours }, expected: 24 * hours },
  ] as const)('$when → $expected', ({ more, expected }) => expect(waitMs(0, more)).toBe(expected))
})

describe('slowing the endpoint', () => {
  const untilMs = (more: Partial<SendResult>) => {
    const until = slowUntil(result(more), now)
    return until && until.getTime() - now.getTime()
  }
  test.each([
    [{ slow: true }, 10_000],
    [{ slow: true, retryAfterMs: 3_000 }, 3_000],
    [{ retryAfterMs: 400 * hours }, 24 * hours],
    [{}, null],
  ])('%j → %p', (more, expected) => expect(untilMs(more)).toBe(expected))
})

test.each(['', 'soon', '5,,6', '-1', Array(21).fill('1').join(','), '700000'])('a schedule of %p is refused', (text) =>
  expect(NotifierEnv.safeParse({ WEBHOOK_RETRY_SCHEDULE: text }).success).toBe(false),
)
