import { expect, test } from '@jest/globals'
import { snippetOf, thresholdLines, vitalText } from './vitals-words.ts'

test.each([
  ['LCP', 840.4, '840 ms'],
  ['LCP', 2512, '2.51 s'],
  ['TTFB', 12_340, '12.3 s'],
  ['CLS', 0.1, '0.10'],
] as const)('%p of %p is %p', (metric, value, text) => {
  expect(vitalText(metric, value)).toBe(text)
})

test('a chart has the two lines that Google draws', () => {
  expect(thresholdLines('INP').map(({ value }) => value)).toEqual([200, 500])
})

test('the line for a page names the script and the key', () => {
  expect(snippetOf('https://tocsin.example', 'tcp_1')).toBe(
    '<script defer src="https://tocsin.example/v1/vitals.js?key=tcp_1"></script>',
  )
})
