import { describe, expect, test } from '@jest/globals'
import { Refusal } from '@tocsin/contract/refusal'
import fc from 'fast-check'
import { parseCsv } from './csv.ts'

const rows = (text: string) => parseCsv(text).map(({ line, cells }) => [line, Object.fromEntries(cells)])

describe('rows', () => {
  test.each([
    { text: 'a,b\n1,2\n', rows: [[2, { a: '1', b: '2' }]] },
    {
      text: '\uFEFFa,b\r\n1,2\r\n3,4',
      rows: [
        [2, { a: '1', b: '2' }],
        [3, { a: '3', b: '4' }],
      ],
    },
    { text: 'a;b\r1,5;2', rows: [[2, { a: '1,5', b: '2' }]] },
    {
      text: 'a\tb\n"x ""y""\nz"\t2\n3\t4',
      rows: [
        [2, { a: 'x "y"\nz', b: '2' }],
        [4, { a: '3', b: '4' }],
      ],
    },
    { text: 'a,b\n\n , \n1', rows: [[4, { a: '1', b: '' }]] },
    { text: 'a', rows: [] },
  ])('of $text', ({ text, rows: expected }) => {
    expect(rows(text)).toEqual(expected)
  })
})

describe('what is no table', () => {
  test.each([
    ['', 'line 1: There is no header'],
    ['a,a\n1,2', 'column "a" is there twice'],
    ['a,\n1,2', 'A column has no name'],
    ['a,b\n1,2,3', 'line 2: There are more cells'],
    ['a\n1\n"2', 'line 3: A quote is opened'],
    ['a\n"1"2', 'line 2: There is something between'],
    [`${'a,'.repeat(200)}`, 'more than 100 cells'],
    [`a\n${'1\n'.repeat(20_001)}`, 'more than 20000 rows'],
  ])('%#', (text, message) => {
    expect(() => parseCsv(text)).toThrow(message)
  })
})

test('whatever is sent is read or refused, and what was written comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      try {
        parseCsv(text)
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal)
      }
    }),
  )
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ';', ' ', 'é'), minLength: 1, maxLength: 8 })
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (table) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      const text = ['x,y', ...table.map((row) => row.map(quoted).join(','))].join('\n')
      const kept = table.filter((row) => row.some((each) => each.trim() !== ''))
      expect(parseCsv(text).map(({ cells }) => [...cells.values()])).toEqual(kept)
    }),
  )
})
