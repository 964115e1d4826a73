import { expect, test } from '@jest/globals'
import { hiddenSpam, isOutOfSight } from './hidden-spam.ts'

test.each([
  ['position:absolute; left:-9999px', true],
  ['text-indent:-9999em', true],
  ['display: none', true],
  ['visibility:hidden;', true],
  ['font-size:0', true],
  ['font-size:1px', true],
  ['opacity:0', true],
  ['height:1px;overflow:hidden', true],
  ['color:#fff;background:#fff', true],
  ['color:#fff;background:#000', false],
  ['left:-10px', false],
  ['opacity:0.5', false],
  ['font-size:10px', false],
  ['height:1px', false],
  ['', false],
])('"%s" is out of sight: %s', (style, expected) => expect(isOutOfSight(style)).toBe(expected))

test('links out of sight are found with all that is inside of what hides them', () => {
  const html = `<body><a href="https://seen.test/">a</a><div style="position:absolute;left:-5000px"><p><a href="https://www.one.test/x">a</a><br>
    <a href="//two.test/">b</a></p><a href="/own">c</a></div><a href="https://after.test/">d</a></body>`
  expect(hiddenSpam(html).hiddenLinks).toEqual(['one.test', 'two.test'])
})

test('terms are whole words, each once, also across the pieces of a text', () => {
  const html = `<title>Buy Viagra</title><p>${'word '.repeat(3_000)}</p><p>Cheap <b>slot</b> gacor, viagra, SLOT  Gacor and specialist socialism; スーパーコピー品</p>`
  expect(hiddenSpam(html).terms).toEqual(['viagra', 'slot gacor', 'スーパーコピー'])
  expect(hiddenSpam('<p>Köp NスーパーコピーX, КАЗИНО  онлайн, xviagra, KAÇAK BAHIS</p>').terms).toEqual([
    'スーパーコピー',
    'казино онлайн',
    'kaçak bahis',
  ])
  expect(hiddenSpam('<p>Our specialists play casino themes</p>').terms).toEqual([])
})
