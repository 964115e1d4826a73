import { describe, expect, test } from '@jest/globals'
import { type MaintenanceTimes, mayBecome, nextStep } from './lifecycle.ts'

const at = (time: string) => new Date(`2026-03-01T${time}:00Z`)
const window: MaintenanceTimes = {
  status: 'scheduled',
  startsAt: at('10:00'),
  endsAt: at('12:00'),
  remindMinutes: 60,
  remindedAt: null,
}

describe('what happens next', () => {
  test.each([
    { when: 'it is scheduled', more: {}, next: { at: at('09:00'), step: 'remind' } },
    { when: 'nobody is to be reminded', more: { remindMinutes: 0 }, next: { at: at('10:00'), step: 'start' } },
    { when: 'they have been reminded', more: { remindedAt: at('09:00') }, next: { at: at('10:00'), step: 'start' } },
    { when: 'it is under way', more: { status: 'in_progress' as const }, next: { at: at('12:00'), step: 'complete' } },
    { when: 'it is being looked at', more: { status: 'verifying' as const }, next: { at: at('12:00'), step: 'complete' } },
    { when: 'it is over', more: { status: 'completed' as const }, next: null },
    { when: 'it was called off', more: { status: 'cancelled' as const }, next: null },
  ])('$when', ({ more, next }) => expect(nextStep({ ...window, ...more })).toEqual(next))
})

test.each([
  { from: 'scheduled', to: 'in_progress', may: true },
  { from: 'scheduled', to: 'verifying', may: false },
  { from: 'in_progress', to: 'completed', may: true },
  { from: 'verifying', to: 'in_progress', may: false },
  { from: 'completed', to: 'cancelled', may: false },
  { from: 'cancelled', to: 'scheduled', may: false },
] as const)('$from → $to: $may', ({ from, to, may }) => expect(mayBecome(from, to)).toBe(may))
