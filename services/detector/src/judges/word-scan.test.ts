import { expect, test } from '@jest/globals'
import { createWordScan, isAscii } from './word-scan.ts'

const mayBegin = createWordScan(['viagra', 'slot88', 'poker'])

test.each([
  ['', false],
  ['via', false],
  ['viagra', true],
  ['Buy VIAGRA here', true],
  ['at its very end: Slot88', true],
  ['overviagr', true],
  ['poke', true],
  ['pok er', false],
  [`${'The quick brown fox jumps over the lazy dog. '.repeat(50)}`, false],
  [`${'The quick brown fox jumps over the lazy dog. '.repeat(50)}pOkEr`, true],
  ['longer than anybody looks'.repeat(10_000), true],
])('"%.30s" may hold a word: %s', (text, expected) => expect(mayBegin(text)).toBe(expected))

test('a word is found wherever it stands', () => {
  for (let n = 0; n < 40; n += 1) expect(mayBegin(`${'x'.repeat(n)}poker${'x'.repeat(n % 7)}`)).toBe(true)
})

test('a word that is too short is refused', () => expect(() => createWordScan(['rtp'])).toThrow('too short'))

test.each([
  ['plain', true],
  ['Köp', false],
  ['\ud800', false],
])('"%s" is ASCII: %s', (text, expected) => expect(isAscii(text)).toBe(expected))
