import { describe, expect, test } from '@jest/globals'
import { createSseParser } from './sse-parser.ts'

const text =
  'retry: 2500\n\n: hello\nevent: threat.detected\nid: 7\ndata: {"a":1}\n\ndata: one\r\ndata: two\r\n\r\ndata:no space\n\nevent: empty\n\n'
const frames = [
  { event: 'threat.detected', id: '7', data: '{"a":1}' },
  { event: 'message', id: null, data: 'one\ntwo' },
  { event: 'message', id: null, data: 'no space' },
]

describe('the SSE parser', () => {
  test.each([1, 2, 3, 5, 17, 1000])('gives the same frames when the stream comes in pieces of %i characters', (size) => {
    const parser = createSseParser()
    const seen = []
    for (let at = 0; at < text.length; at += size) seen.push(...parser.push(text.slice(at, at + size)))
    expect(seen).toEqual(frames)
    expect(parser.retryMs).toBe(2500)
  })

  test('passes over a byte order mark at the very beginning', () => {
    expect(createSseParser().push('\uFEFFdata: x\n\n')).toEqual([{ event: 'message', id: null, data: 'x' }])
  })

  test('gives up on a line that never ends', () => {
    expect(() => createSseParser().push('data: '.padEnd(5 * 1024 * 1024, 'x'))).toThrow('too long')
  })
})
