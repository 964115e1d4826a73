import { describe, expect, test } from '@jest/globals'
import { markdown } from './markdown.ts'

const length = 5_000
const many = (piece: string) => piece.repeat(Math.floor(length / piece.length))

describe('Markdown', () => {
  test('is lists, links and emphasis; no HTML and no pictures', () => {
    const { html } = markdown(
      '**Paid** twice:\n\n- see https://shop.example\n\n<script>1</script> ![x](https://spy.example/x.png)',
    )
    expect(html).toContain('<strong>Paid</strong>')
    expect(html).toContain('<a href="https://shop.example" rel="nofollow noopener">')
    expect(html).not.toMatch(/<script|<img/)
  })

  test.each(['[', '![', '[a](', '*a ', '_a*', '`', '<', '> ', '- ', '**a_', '[[a]('])(
    'of nothing but %s costs no more than a text of its length',
    (piece) => {
      const plain = cpuMs(() => markdown(many('word ')))
      const hostile = cpuMs(() => markdown(many(piece)))
      // Its square would be thousands of times as much.
      expect(hostile < 5 || hostile < 20 * plain).toBe(true)
    },
  )

  test('what has more marks than words is shown as it is written', () => {
    expect(markdown(`${many('[').slice(0, 900)}<b>`).html).toContain('[[[')
    expect(markdown(`${many('[').slice(0, 900)}<b>`).html).toContain('&lt;b&gt;')
  })
})

/** The least of five: the first one also compiles. */
function cpuMs(work: () => unknown): number {
  const costs = [1, 2, 3, 4, 5].map(() => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...costs)
}
