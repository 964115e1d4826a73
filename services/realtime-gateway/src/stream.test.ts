import { expect, test } from '@jest/globals'
import { createMetrics } from '@tocsin/process/metrics'
import { Audience } from './audience.ts'
import { FrameLog } from './frame-log.ts'
import { createMeter } from './meter.ts'
import { logOf, type Page } from './pages.ts'
import { Stream } from './stream.ts'

const frame = (seq: number) => ({ seq, type: 'a.b', bytes: Buffer.from(`${seq} `), takenMs: 0 })

/** A stream on an outlet that takes what it is told to take. */
function watching(options: { cursor: number; floor: number; pages?: (seq: number) => Promise<Page> }) {
  const written: string[] = []
  const outlet = {
    writableLength: 0,
    takes: true,
    write(bytes: Buffer) {
      written.push(bytes.toString())
      return outlet.takes
    },
    end: () => written.push('end'),
    destroy: () => written.push('destroyed'),
  }
  const time = { second: 1_000 }
  const audience = new Audience({
    patterns: ['*'],
    log: new FrameLog(options.floor),
    meter: createMeter(createMetrics({ process: false })),
    head: () => audience.log.last,
    readPage: options.pages ?? (() => Promise.reject(new Error('Nothing to read.'))),
  })
  const stream = new Stream({ outlet, audience, cursor: options.cursor, endsAt: 2_000, tokenEndsAt: null, time })
  audience.readers.add(stream)
  return { written, outlet, audience, stream, time }
}

test('what comes in one turn is one write, ephemeral frames in their place', () => {
  const { written, audience, stream } = watching({ cursor: 0, floor: 0 })
  audience.take(frame(1))
  audience.flash(Buffer.from('now '))
  audience.take(frame(2))
  audience.flush()
  audience.flash(Buffer.from('then '))
  audience.flush()
  audience.flush()
  expect(written).toEqual(['1 now 2 ', 'then '])
  expect(stream.cursor).toBe(2)
})

test('who joins in the middle of a turn gets nothing twice', () => {
  const { written, audience, stream } = watching({ cursor: 1, floor: 0 })
  audience.take(frame(1))
  stream.pump()
  audience.take(frame(2))
  audience.flush()
  expect(written).toEqual(['2 '])
})

test('a full outlet is left alone, and gets all it has missed in one write', () => {
  const { written, outlet, audience, stream } = watching({ cursor: 0, floor: 0 })
  outlet.takes = false
  for (const seq of [1, 2, 3]) {
    audience.take(frame(seq))
    audience.flush()
  }
  expect(written).toEqual(['1 '])
  outlet.takes = true
  stream.drained()
  expect(written).toEqual(['1 ', '2 3 '])
})

test('half a minute without progress is enough', () => {
  const { written, outlet, audience, stream, time } = watching({ cursor: 0, floor: 0 })
  outlet.takes = false
  audience.take(frame(1))
  audience.flush()
  time.second += 29
  expect(stream.tick(30)).toBe(1_030)
  time.second += 1
  stream.tick(30)
  expect(written.slice(1)).toEqual(['event: reset\ndata: {"reason":"overflow"}\n\n', 'end'])
  time.second += 3
  stream.tick(30)
  expect(written.at(-1)).toBe('destroyed')
  expect(stream.endReason).toBe('overflow')
})

test('heartbeats are put off by traffic', () => {
  const { written, audience, stream, time } = watching({ cursor: 0, floor: 0 })
  time.second = 1_020
  audience.take(frame(1))
  audience.flush()
  time.second = 1_030
  expect(stream.tick(30)).toBe(1_050)
  time.second = 1_050
  expect(stream.tick(30)).toBe(1_080)
  expect(written).toEqual(['1 ', 'event: heartbeat\ndata: {}\n\n'])
})

test('behind the window it goes through the pages of the journal until it is inside', async () => {
  const asked: number[] = []
  const pages = async (seq: number): Promise<Page> => {
    asked.push(seq)
    const seqs = [seq + 1, seq + 2]
    return { floor: 0, to: seq + 3, logFor: (patterns) => logOf(seq, seqs.map(frame), patterns) }
  }
  const { written, audience, stream } = watching({ cursor: 0, floor: 6, pages })
  audience.take(frame(7))
  audience.flush()
  await new Promise((resolve) => setImmediate(resolve))
  expect(asked).toEqual([0, 3])
  expect(written).toEqual(['1 2 ', '4 5 ', '7 '])
  expect(stream.cursor).toBe(7)
})
