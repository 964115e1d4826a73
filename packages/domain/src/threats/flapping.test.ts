import { describe, expect, test } from '@jest/globals'
import { decide } from './lifecycle.ts'
import type { Decision, Held, Level } from './situation.ts'

const start = new Date('2026-03-01T10:00:00Z')
const at = (minutes: number) => new Date(start.getTime() + minutes * 60_000)
const confirmation = { firstSeconds: 60, secondSeconds: 600, resolveSeconds: 600 }

/** A threat, and what it does with what is seen of it at a minute. A resolved one that is seen bad again is a new one with its flips. */
function watched() {
  let held: Held | null = opened(at(0), [])
  const told: string[] = []
  return {
    told,
    see(minutes: number, level: Level): Decision {
      const now = at(minutes)
      if (!held) throw new Error('It is resolved.')
      const decision = decide({ held, seen: { level, severity: 'high' }, baseline: false, confirmation, now })
      if (['confirm', 'resolve', 'flap', 'steady'].includes(decision.reason)) told.push(`${minutes} ${decision.reason}`)
      held =
        decision.to === 'resolved'
          ? { ...opened(now, decision.flips), state: 'suspected', looks: ['bad'] }
          : { ...held, ...decision, state: decision.to === 'nothing' ? 'suspected' : decision.to, looks: [...held.looks, level] }
      return decision
    },
  }
}
const opened = (firstSeenAt: Date, flips: readonly Date[]): Held => ({
  state: 'active',
  severity: 'high',
  firstSeenAt,
  okSince: null,
  nextLookAt: null,
  looks: ['bad', 'bad'],
  flips,
  flapping: null,
  heldAt: null,
})

/** Ok twice, ten minutes apart, from this minute on. */
const repaired = (threat: ReturnType<typeof watched>, minutes: number) => {
  threat.see(minutes, 'ok')
  return threat.see(minutes + 10, 'ok')
}

describe('a threat that comes and goes', () => {
  test('tells three times, then once that it flaps, and then nothing until it has been steady', () => {
    const threat = watched()
    expect(repaired(threat, 20).reason).toBe('resolve')
    expect(threat.see(40, 'bad').reason).toBe('confirm')
    expect(repaired(threat, 60)).toMatchObject({ reason: 'flap', to: 'active', flapping: 'ok' })
    for (let hour = 2; hour < 20; hour += 2) {
      expect(threat.see(hour * 60, 'bad')).toMatchObject({ reason: 'flutter', to: 'active', flapping: 'bad' })
      expect(repaired(threat, hour * 60 + 30)).toMatchObject({ reason: 'flutter', to: 'active', flapping: 'ok' })
    }
    expect(threat.told).toEqual(['30 resolve', '40 confirm', '70 flap'])
  })

  test('that stays well for a day is resolved, once', () => {
    const threat = watched()
    repaired(threat, 20)
    threat.see(40, 'bad')
    const { nextLookAt } = repaired(threat, 60)
    // The first of the three flips will then be a day old.
    expect(nextLookAt).toEqual(at(30 + 24 * 60))
    expect(threat.see(30 + 24 * 60, 'ok')).toMatchObject({ reason: 'resolve', to: 'resolved', flapping: null })
  })

  test('that stays bad for a day is an ordinary threat again, and says so', () => {
    const threat = watched()
    repaired(threat, 20)
    threat.see(40, 'bad')
    repaired(threat, 60)
    expect(threat.see(100, 'bad').reason).toBe('flutter')
    expect(threat.see(60 * 12, 'bad').reason).toBe('flutter')
    expect(threat.see(60 * 24 + 75, 'bad')).toMatchObject({ reason: 'steady', to: 'active', flapping: null })
  })

  test('is not moved by what cannot be measured', () => {
    const threat = watched()
    repaired(threat, 20)
    threat.see(40, 'bad')
    repaired(threat, 60)
    expect(threat.see(60 * 30, 'unknown')).toMatchObject({ reason: 'flutter', flapping: 'ok', to: 'active' })
  })

  test('on three different days is news each time', () => {
    const threat = watched()
    for (const day of [0, 1, 2, 3, 4]) {
      if (day > 0) expect(threat.see(day * 25 * 60, 'bad').reason).toBe('confirm')
      expect(repaired(threat, day * 25 * 60 + 20).reason).toBe('resolve')
    }
  })
})
