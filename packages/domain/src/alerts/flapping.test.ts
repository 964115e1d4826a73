import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { afterFlip, calm, changePercent, type Flapping } from './flapping.ts'

const minute = 60_000
const start = Date.UTC(2026, 2, 1)
const at = (minutes: number) => new Date(start + minutes * minute)
/** Bad and good in turn, at these minutes. */
function play(minutes: readonly number[]): Flapping[] {
  const states: Flapping[] = []
  let state = calm
  for (const [index, each] of minutes.entries()) {
    state = afterFlip(state, index % 2 === 0, at(each))
    states.push(state)
  }
  return states
}

// As Nagios' own documentation weighs them: 0.75 for the oldest of the 20 changes, 1.25 for the newest.
describe('the share of changes among the last 21 states', () => {
  const states = (text: string) => text.split('').map((letter) => letter === 'b')
  test.each([
    ['never', 'ggggggggggggggggggggg', 0],
    ['always', 'gbgbgbgbgbgbgbgbgbgbg', 100],
    ['once, just now', 'ggggggggggggggggggggb', 6.25],
    ['once, long ago', 'gbbbbbbbbbbbbbbbbbbbb', 3.75],
    ['what is older than 21 does not count', 'bgbgbggggggggggggggggggggggg', 0],
    ['what is not known was good', 'b', 6.25],
  ])('%s', (_, text, percent) => expect(changePercent(states(text))).toBeCloseTo(percent, 6))
})

test('the sixth change within minutes is one too many; it is over when there were none for long enough', () => {
  const states = play([0, 1, 2, 3, 4, 5])
  expect(states.map(({ flapping }) => flapping)).toEqual([false, false, false, false, false, true])
  const { steadyAt } = states.at(-1) ?? calm
  expect(steadyAt && (steadyAt.getTime() - start) / minute).toBeGreaterThan(30)
  expect(steadyAt && (steadyAt.getTime() - start) / minute).toBeLessThan(120)
})

test('changes that are hours apart never flap', () => {
  expect(play(Array.from({ length: 50 }, (_, index) => index * 120)).some(({ flapping }) => flapping)).toBe(false)
})

test('between the thresholds it stays what it was', () => {
  const states = play([0, 1, 2, 3, 4, 5])
  const before = states.at(-1) ?? calm
  const percents = [1, 2, 3, 4].map((count) => {
    const next = afterFlip(before, true, at(5 + count * 15))
    return { flapping: next.flapping, percent: changePercent(next.flips) }
  })
  for (const { flapping, percent } of percents) expect(flapping).toBe(percent > 25)
})

test('whatever happens: it ends at the time that it says, and not before', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (pauses) => {
      let minutes = 0
      const states = play(pauses.map((pause) => (minutes += pause)))
      const last = states.at(-1) ?? calm
      expect(last.flips.length).toBeLessThanOrEqual(21)
      expect(last.flapping).toBe(last.steadyAt !== null)
      if (last.steadyAt) expect(last.steadyAt.getTime()).toBeGreaterThan(at(minutes).getTime())
    }),
  )
})
