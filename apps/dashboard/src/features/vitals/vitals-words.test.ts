import { expect, test } from '@jest/globals'
import { byDay, originDoubt, snippetOf, thresholdLines, vitalText } from './vitals-words.ts'

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

test('a chart has every day, and a gap where nothing was measured', () => {
  const days = [{ day: '2026-11-02', n: 4, p75: 1200, goodShare: 1, poorShare: 0 }]
  expect(byDay({ days }, { from: '2026-11-01', to: '2026-11-03' })).toEqual({
    days: ['2026-11-01', '2026-11-02', '2026-11-03'],
    values: [null, 1200, null],
  })
})

test.each([
  ['http://localhost:4000', 'https://shop.example/', /cannot reach/],
  ['http://192.168.1.4:4000', 'http://shop.example/', /cannot reach/],
  ['http://tocsin.example', 'https://shop.example/', /over https/],
  ['http://tocsin.example', 'http://shop.example/', null],
  ['https://tocsin.example', 'https://shop.example/', null],
])('a script from %p for %p', (origin, site, doubt) => {
  expect(originDoubt(origin, site)).toEqual(doubt === null ? null : expect.stringMatching(doubt))
})
