import { expect, test } from '@jest/globals'
import { lengthText, uptimeText } from './uptime-words.ts'

test.each([
  { seconds: 0, text: '0 s' },
  { seconds: 59, text: '59 s' },
  { seconds: 61, text: '1 min 1 s' },
  { seconds: 7_200, text: '2 h' },
  { seconds: 90_000, text: '1 d 1 h' },
])('$seconds s are $text', ({ seconds, text }) => expect(lengthText(seconds)).toBe(text))

test('an uptime is shown as it was floored', () => {
  expect(uptimeText({ uptime: 99.999 })).toBe('99.999 %')
  expect(uptimeText({ uptime: null })).toBe('Not known yet')
})
