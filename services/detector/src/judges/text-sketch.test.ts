import { describe, expect, test } from '@jest/globals'
import { createTextSketcher, similarity, sketchOf } from './text-sketch.ts'

/** Words that never repeat by chance. */
const words = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => `word${((from + n) * 7919).toString(36)}`).join(' ')

describe('a sketch', () => {
  test.each([
    ['the same text', words(0, 500), words(0, 500), 1],
    ['other case, punctuation and white space', 'Der  Mann, der ging.', 'der mann\nder "ging"', 1],
    ['nothing in common', words(0, 500), words(1_000, 1_500), 0],
    ['half in common', words(0, 1_000), words(333, 1_333), 0.5],
    ['nine of ten', words(0, 950), words(50, 1_000), 0.9],
    ['Chinese', '我们的商店有很多好东西可以买', '我们的商店有很多好东西可以买', 1],
    ['nothing at all', '', ' ... ', 1],
    ['something and nothing', words(0, 10), '', 0],
    ['one word', 'gone', 'gone', 1],
    ['another word', 'gone', 'here', 0],
  ])('%s', (_name, a, b, expected) => expect(Math.abs(similarity(sketchOf(a), sketchOf(b)) - expected)).toBeLessThanOrEqual(0.1))

  test('is as long for a library as for a sentence', () => {
    expect(sketchOf(words(0, 50_000))).toHaveLength(sketchOf('one two three').length)
    expect(sketchOf('x')).toHaveLength(172)
  })

  test('the error of the estimate is some 0.04', () => {
    let squares = 0
    for (let n = 0; n < 200; n += 1) {
      const at = n * 10_000
      squares += (similarity(sketchOf(words(at, at + 800)), sketchOf(words(at + 200, at + 1_000))) - 0.6) ** 2
    }
    expect(Math.sqrt(squares / 200)).toBeLessThan(0.055)
  })

  test('words are counted over pieces', () => {
    const sketcher = createTextSketcher()
    for (const piece of ['One, two; three', 'vier fünf', "it's", '日本', '—']) sketcher.add(piece)
    expect(sketcher.words).toBe(9)
  })
})
