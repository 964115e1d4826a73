import { describe, expect, test } from '@jest/globals'
import { afterFailure, afterSuccess, climbWhenDue, topOfLadder } from './ladder.ts'

const limits = { failuresMax: 3, climbFirstMs: 60_000, climbMaxMs: 200_000 }
const fail = (times: number, ladder = topOfLadder) =>
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

  test('climbs back as soon as a lower rung works, and stays where that succeeds', () => {
    const polling = afterSuccess(fail(3), 1_000)
    expect(climbWhenDue(polling, 1_000)).toMatchObject({ rung: 'stream', fallBackTo: 'long_poll' })
    expect(afterSuccess(climbWhenDue(polling, 1_000), 1_000)).toEqual(topOfLadder)
  })

  test('a failed climb goes straight back, and each waits twice as long as the one before, up to a limit', () => {
    let ladder = afterSuccess(fail(3), 0)
    const waits: number[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const climbing = climbWhenDue(ladder, ladder.climbAtMs ?? 0)
      ladder = afterSuccess(afterFailure(climbing, 0, limits), 0)
      waits.push(ladder.climbAtMs ?? 0)
      expect(climbWhenDue(ladder, (ladder.climbAtMs ?? 0) - 1).rung).toBe('long_poll')
    }
    expect(waits).toEqual([60_000, 120_000, 200_000, 200_000])
  })
})
