import { describe, expect, test } from '@jest/globals'
import { type Severity, severities } from '@tocsin/contract/rule'
import fc from 'fast-check'
import { type Life, type Observed, steadied, type Turn, turn } from './lifecycle.ts'

const minute = 60_000
const start = Date.UTC(2026, 2, 1)
const at = (minutes: number) => new Date(start + minutes * minute)
const seen = (minutes: number, transition: Observed['transition'], more: Partial<Observed> = {}): Observed => ({
  transition,
  subject: 'threat:a',
  severity: 'high',
  at: at(minutes),
  opens: true,
  cooldownSeconds: 300,
  ...more,
})
const after = (...all: Observed[]): Turn | null =>
  all.reduce<{ life: Life | null; last: Turn | null }>(
    ({ life }, each) => {
      const last = turn(life, each)
      return { life: last?.life ?? life, last }
    },
    { life: null, last: null },
  ).last

describe('one step', () => {
  test.each<[string, Turn | null, Partial<Turn> | null]>([
    ['begins', after(seen(0, 'bad')), { kind: 'opened', event: 'triggered', steps: ['triggered'] }],
    ['a rule that does not ask for it opens nothing', after(seen(0, 'bad', { opens: false })), null],
    ['nothing can end that has not begun', after(seen(0, 'good')), null],
    ['nothing can be acknowledged that has not begun', after(seen(0, 'acknowledged')), null],
    ['nothing can flap that has not begun', after(seen(0, 'flapping')), null],
    ['an update begins what nobody knew of', after(seen(0, 'update')), { kind: 'opened', event: 'triggered' }],
    ['what was closed by hand goes on unheard', after(seen(0, 'bad'), seen(1, 'closed'), seen(60, 'update')), null],
    [
      'until it is worse',
      after(seen(0, 'bad'), seen(1, 'closed'), seen(60, 'update', { severity: 'critical' })),
      { kind: 'opened', event: 'triggered' },
    ],
    ['as bad as in the window before', after(seen(0, 'bad'), seen(60, 'bad', { again: 'window' })), null],
    [
      'as bad as on the day before',
      after(seen(0, 'bad'), seen(1440, 'bad', { again: 'day' })),
      { event: 'updated', notice: { kind: 'reminder', cooldownUntil: null } },
    ],
    [
      'worse, though somebody is on it',
      after(seen(0, 'bad'), seen(1, 'acknowledged'), seen(2, 'update', { severity: 'critical' })),
      { steps: ['worsened'], notice: { kind: 'worsened', cooldownUntil: null } },
    ],
    ['acknowledged twice', after(seen(0, 'bad'), seen(1, 'acknowledged'), seen(2, 'acknowledged')), null],
    [
      'back on the last second of its rest',
      after(seen(0, 'bad'), seen(10, 'good'), seen(14.999, 'bad')),
      { kind: 'changed', notice: { kind: 'triggered', cooldownUntil: at(15) } },
    ],
    [
      'back on the first second after it',
      after(seen(0, 'bad'), seen(10, 'good'), seen(15, 'bad')),
      { kind: 'opened', notice: { kind: 'triggered', cooldownUntil: null } },
    ],
  ])('%s', (_, got, expected) => {
    if (expected === null) expect(got).toBeNull()
    else expect(got).toMatchObject(expected)
  })
})

const transitions = ['bad', 'update', 'good', 'acknowledged', 'flapping', 'closed'] as const
const step = fc.record({
  pause: fc.integer({ min: 1, max: 90 }),
  transition: fc.constantFrom(...transitions),
  severity: fc.constantFrom<Severity>(...severities),
})

/** As the pass does that watches time. */
const calmed = (life: Life | null, now: Date): Life | null =>
  life?.flapping && life.steadyAt && life.steadyAt <= now ? steadied(life).life : life

test('whatever happens: who was told that it began can be told that it ended, and what flaps says so once and is then silent', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      let life: Life | null = null
      let minutes = 0
      for (const { pause, transition, severity } of steps) {
        minutes += pause
        const steady = calmed(life, at(minutes))
        const next = turn(steady, seen(minutes, transition, { severity }))
        life = next?.life ?? steady
        if (!next) continue
        const kind = next.notice?.kind ?? null
        const wasFlapping = steady?.flapping ?? false
        if (next.life.flapping) expect([null, 'flapping_started']).toContain(kind)
        if (next.life.flapping && wasFlapping) expect(kind).toBeNull()
        if (wasFlapping && !next.life.flapping) expect(kind).toBe('flapping_stopped')
        if (!wasFlapping && !next.life.flapping && next.event === 'resolved') expect(kind).toBe('resolved')
        expect(next.life.state === 'resolved').toBe(next.life.resolvedAt !== null)
        if (next.kind === 'opened') expect(steady === null || steady.state === 'resolved').toBe(true)
      }
    }),
  )
})
