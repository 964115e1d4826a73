import { expect, test } from '@jest/globals'
import { createHandSetClock } from './clock.ts'
import { silentLog } from './log.ts'
import { createLoop, type PassResult } from './loop.ts'

const setUp = (results: (PassResult | Error)[]) => {
  const clock = createHandSetClock(new Date('2026-03-02T09:00:00Z'))
  let runs = 0
  const waiting: { runs: number; resolve: () => void }[] = []
  const loop = createLoop({
    name: 'test',
    everyMs: 1_000,
    clock,
    log: silentLog(),
    async pass() {
      runs += 1
      for (const each of waiting) if (runs >= each.runs) each.resolve()
      const result = results.shift() ?? 'idle'
      if (result instanceof Error) throw result
      return result
    },
  })
  const hasRun = (wanted: number) =>
    new Promise<void>((resolve) => {
      if (runs >= wanted) resolve()
      else waiting.push({ runs: wanted, resolve })
    })
  return { clock, loop, hasRun, runs: () => runs }
}

/** Lets everything that is ready to run do so. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

test('a pass that worked comes again at once, an idle one waits for the timer', async () => {
  const { clock, loop, hasRun, runs } = setUp(['worked', 'worked', 'idle'])
  await loop.start()
  await hasRun(3)
  await turn()
  expect(runs()).toBe(3)
  clock.advance(1_000)
  await hasRun(4)
  await loop.stop()
})

test('a ring ends the nap, and one that comes during a pass is not lost', async () => {
  const { loop, hasRun } = setUp(['idle'])
  await loop.start()
  await hasRun(1)
  await turn()
  loop.ring()
  loop.ring()
  await hasRun(2)
  loop.ring()
  await hasRun(3)
  await loop.stop()
})

test('a pass that throws is tried again later and the loop goes on', async () => {
  const { clock, loop, hasRun } = setUp([new Error('no'), new Error('still no'), 'worked'])
  await loop.start()
  await hasRun(1)
  await turn()
  clock.advance(300)
  await hasRun(2)
  await turn()
  clock.advance(600)
  await hasRun(3)
  await loop.stop()
})

test('stop waits for the pass at work, may be called twice, and before start has settled', async () => {
  const { loop, runs } = setUp([])
  const starting = loop.start()
  await Promise.all([loop.stop(), loop.stop(), starting])
  const after = runs()
  loop.ring()
  await turn()
  expect(runs()).toBe(after)
})
