import { expect, test } from '@jest/globals'
import { createHandSetClock, wallClock } from '@tocsin/process/clock'
import { createPace } from './pace.ts'

const never = new AbortController().signal

test.each([
  { answers: 300, firstByteMs: 0.4 },
  { answers: 100, firstByteMs: 0.95 },
  { answers: 100, firstByteMs: 1.9 },
  { answers: 20, firstByteMs: 5.5 },
])(
  '$answers answers that took $firstByteMs ms each are followed by as much rest, though no timer is that short',
  async (each) => {
    const { answers, firstByteMs } = each
    const pace = createPace({ clock: wallClock, signal: never, connections: 1, crawlDelaySeconds: null })
    let restedMs = 0
    for (let n = 0; n < answers; n += 1) {
      // A request is under way, which is no rest.
      for (const askedAt = performance.now(); performance.now() - askedAt < firstByteMs; );
      pace.answered(0, firstByteMs)
      const answeredAt = performance.now()
      await pace.turn(0)
      restedMs += performance.now() - answeredAt
    }
    // What was never worth a timer of its own is owed to the next one; of the last one that may be nearly a millisecond.
    expect(restedMs).toBeGreaterThanOrEqual(answers * firstByteMs - 2)
  },
)

test('who cuts every connection is not asked without end', async () => {
  const pace = createPace({ clock: wallClock, signal: never, connections: 1, crawlDelaySeconds: null })
  const startedAt = performance.now()
  for (let n = 0; n < 50; n += 1) {
    pace.answered(0, 0)
    await pace.turn(0)
  }
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(49)
})

test('after "too many requests" the rest is twice as long at once, and there are half as many connections', async () => {
  const clock = createHandSetClock(new Date())
  const slept: number[] = []
  const watched = {
    ...clock,
    async sleep(ms: number) {
      slept.push(ms)
      clock.advance(ms)
    },
  }
  const pace = createPace({ clock: watched, signal: never, connections: 2, crawlDelaySeconds: null })
  pace.answered(0, 1_000)
  pace.pushedBack(null)
  expect(await pace.turn(1)).toBe('retire')
  expect(await pace.turn(0)).toBe('go')
  expect(slept[0]).toBeGreaterThan(1_500)
  expect(slept[0]).toBeLessThanOrEqual(2_000)
})
