import { describe, expect, test } from '@jest/globals'
import { afterFailure, afterSuccess, climbWhenDue, topOfLadder } from './ladder.ts'

const limits = { failuresMax: 3, climbFirstMs: 60_000, climbMaxMs: 200_000 }
const fail = (times: number, ladder = topOfLadder(limits)) =>
  Array.from({ length: times }).reduce<typeof ladder>((now) => afterFailure(now, 0, limits), ladder)

describe('the ladder', () => {
  test.each([
    { failures: 0, rung: 'stream' },
    { failures: 2, rung: 'stream' },
    { failures: 3, rung: 'long_poll' },
    { failures: 5, rung: 'long_poll' },
    { failures: 6, rung: 'poll' },
    { failures: 9, rung: 'stream' },
  ])('after $failures failures in a row: $rung', ({ failures, rung }) => {
    expect(fail(failures).rung).toBe(rung)
  })

  test('climbs back to the stream when it is time, and not before', () => {
    const polling = afterSuccess(fail(3), 1_000, limits)
    expect(climbWhenDue(polling, 60_999).rung).toBe('long_poll')
    expect(climbWhenDue(polling, 61_000)).toMatchObject({ rung: 'stream', fallBackTo: 'long_poll' })
    expect(afterSuccess(climbWhenDue(polling, 61_000), 61_000, limits)).toEqual(topOfLadder(limits))
  })

  test('a failed climb goes straight back and waits twice as long, up to a limit', () => {
    let ladder = afterSuccess(fail(3), 0, limits)
    const waits: number[] = []
    for (let turn = 0; turn < 3; turn += 1) {
      const climbing = climbWhenDue(ladder, ladder.climbAtMs ?? 0)
      ladder = afterSuccess(afterFailure(climbing, 0, limits), 0, limits)
      waits.push(ladder.climbAtMs ?? 0)
    }
    expect(ladder.rung).toBe('long_poll')
    expect(waits).toEqual([120_000, 200_000, 200_000])
  })
})
