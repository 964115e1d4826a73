import { expect, test } from '@jest/globals'
import { Parser } from 'htmlparser2'
import { PageTokenizer } from './html-tokenizer.ts'

function eventsOf(html: string, pieceLength: number, options: object): string[] {
  const events: string[] = []
  let text = ''
  const tell = (event: string) => {
    if (text !== '') events.push(`text ${text}`)
    text = ''
    events.push(event)
  }
  const parser = new Parser(
    {
      onopentag: (name, attributes) => tell(`<${name} ${JSON.stringify(attributes)}>`),
      onclosetag: (name) => tell(`</${name}>`),
      ontext: (piece) => {
        text += piece
      },
      oncomment: (comment) => tell(`<!--${comment}-->`),
    },
    options,
  )
  for (let from = 0; from < html.length; from += pieceLength) parser.write(html.slice(from, from + pieceLength))
  parser.end()
  tell('end')
  return events
}

test.each([
  ['plain text', 'Just a text'],
  ['paragraphs', '<p>One, two</p>\n<p>three <b>four</b></p> five'],
  ['characters by name', 'Q&A, a &amp; b, &lt;p&gt; &notit; &copy &#x41;&#65; &unknown; & &'],
  ['an ampersand behind the next tag', 'a <b title="x&amp;y">b</b> c & d <i>e</i> f'],
  ['a sign that is no tag', '1 < 2 <3 > 4 <'],
  ['scripts, titles and text areas', '<title>a &amp; b</title><script>a < b && c</script>d<textarea><p>&lt;</textarea>e'],
  ['comments and drawings', 'a<!-- b & < c -->d<svg><![CDATA[e & <f>]]></svg>g'],
  ['text that never ends', 'a<plaintext>b & <c> d'],
  ['beyond ASCII', 'Ä <p>日本 &auml; 😀</p> ß'],
])('%s is read as the parser reads it, however it is cut', (_name, html) => {
  for (let length = 1; length <= html.length; length += 1)
    expect(eventsOf(html, length, { Tokenizer: PageTokenizer })).toEqual(eventsOf(html, length, {}))
})

test('a text is skipped, not read character by character', () => {
  let asked = 0
  class Counting extends PageTokenizer {}
  const before = Reflect.get(PageTokenizer.prototype, 'stateText')
  Object.defineProperty(Counting.prototype, 'stateText', {
    value(this: PageTokenizer, code: number) {
      asked += 1
      Reflect.apply(before, this, [code])
    },
  })
  eventsOf(`<p>${'x'.repeat(1_000)}</p>`, 2_000, { Tokenizer: Counting })
  expect(asked).toBeLessThan(5)
})
