import { describe, expect, test } from '@jest/globals'
import { fieldWords, rowsOf, valueText } from './evidence-words.ts'

test('names of fields are read as words', () => {
  expect(['finalUrl', 'p75', 'pagesBad'].map(fieldWords)).toEqual(['Final url', 'P75', 'Pages at fault'])
})

describe('what was seen', () => {
  test.each([
    [true, 'yes'],
    [0.1 + 0.2, '0.3'],
    [12345678, '12345678'],
    ['noindex', 'noindex'],
    [[], 'none'],
    [['a', 'b'], 'a\nb'],
    [{ position: 4, depth: null, hops: [], complete: false }, 'position: 4, complete: no'],
    [[{ from: 'https://a.example/', hops: [1, 2] }], 'https://a.example/, hops: 1, 2'],
  ])('%j is said as %j', (value, text) => {
    expect(valueText(value)).toBe(text)
  })

  test('a moment is said as a date', () => {
    expect(valueText('2026-11-21T00:53:40.838Z')).toMatch(/Nov 2[01], 2026/)
  })

  test('a list of things of one shape is a table, and nothing else is', () => {
    const days = [
      { day: '2026-11-01', position: 4 },
      { day: '2026-11-02', position: null },
    ]
    expect(rowsOf(days)).toEqual({
      columns: ['day', 'position'],
      lines: [
        ['2026-11-01', '4'],
        ['2026-11-02', '–'],
      ],
    })
    for (const other of [
      days.slice(1),
      ['a', 'b'],
      [{ a: 1 }, { a: 2 }],
      [
        { a: [1], b: 2 },
        { a: 1, b: 2 },
      ],
      { a: 1 },
      null,
    ])
      expect(rowsOf(other)).toBeNull()
  })
})
