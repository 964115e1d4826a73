import { expect, test } from '@jest/globals'
import { FrameLog } from './frame-log.ts'

const frame = (seq: number, size = 10) => ({ seq, type: 'a.b', bytes: Buffer.alloc(size, seq), takenMs: 0 })

function logOf(...seqs: number[]): FrameLog {
  const log = new FrameLog((seqs[0] ?? 1) - 1)
  for (const seq of seqs) log.append(frame(seq))
  return log
}

test('a batch goes from a reader to the end, and all readers there get the same bytes', () => {
  const log = logOf(1, 2, 3)
  expect(log.batch(1)).toMatchObject({ to: 3, frames: 2 })
  expect(log.batch(1)).toBe(log.batch(1))
  expect(log.batch(2)?.bytes).toEqual(frame(3).bytes)
  expect(log.batch(3)).toBeNull()
})

test('what comes later is in the next batch', () => {
  const log = logOf(1)
  expect(log.batch(1)).toBeNull()
  log.append(frame(2))
  expect(log.batch(1)).toMatchObject({ to: 2 })
})

test('a filter leaves holes between the numbers', () => {
  const log = logOf(2, 5, 9)
  expect([1, 2, 3, 4, 5, 8].map((seq) => log.batch(seq)?.frames)).toEqual([3, 2, 2, 2, 1, 1])
  expect(log.bytesAfter(5)).toBe(10)
})

test('a batch is no larger than what is written at once, but never empty', () => {
  const log = new FrameLog(0)
  for (const seq of [1, 2, 3]) log.append(frame(seq, 40_000))
  log.append(frame(4, 200_000))
  expect([0, 1, 2, 3].map((seq) => log.batch(seq)?.to)).toEqual([1, 2, 3, 4])
})

test('what is dropped raises the floor, also when it is much', () => {
  const log = logOf(...Array.from({ length: 500 }, (_, index) => index + 1))
  log.dropTo(400)
  expect([log.floor, log.length, log.bytes, log.oldest?.seq, log.last]).toEqual([400, 100, 1_000, 401, 500])
  expect(log.batch(450)).toMatchObject({ to: 500, frames: 50 })
  log.dropTo(500)
  expect([log.floor, log.length, log.bytes, log.last, log.batch(500)]).toEqual([500, 0, 0, 500, null])
  log.append(frame(501))
  expect(log.batch(500)).toMatchObject({ to: 501, frames: 1 })
})
