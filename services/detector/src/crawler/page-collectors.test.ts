import { describe, expect, test } from '@jest/globals'
import { walkHtml } from '../judges/html-walk.ts'
import { hashesOfHeaders, hashOfHeaders, hashOfLinks } from '../judges/page-hashes.ts'
import { similarity } from '../judges/text-sketch.ts'
import { type HtmlFacts, pageCollectors } from './page-collectors.ts'

function read(html: string, pieceLength = html.length || 1): HtmlFacts {
  const walk = walkHtml<HtmlFacts>(pageCollectors({ onLink() {}, wantsReferences: true }))
  for (let from = 0; from < html.length; from += pieceLength) walk.write(html.slice(from, from + pieceLength))
  return walk.end()
}

describe('the text of a page', () => {
  test.each([
    ['words', '<p>One <b>t</b>wo<br>three</p><p>four</p>five', { words: 5 }],
    ['navigation and footer are beside it', '<nav>a b c</nav><p>one two</p><footer>d</footer>', { words: 2 }],
    ['a navigation that is never closed', '<nav>a b<main>one two', { words: 2 }],
    ['scripts, styles and forms', '<script>a b</script><style>p {}</style><textarea>x</textarea><p>one', { words: 1 }],
    ['noscript of the head', '<head><noscript>please enable</noscript></head>one', { words: 1 }],
    ['a template', '<template><h1>no</h1>no</template>yes', { words: 1, h1: null }],
    ['a picture', '<svg><text>no no</text></svg>one', { words: 1 }],
    ['language', '<html lang=" De-AT ">', { lang: 'de-at' }],
    ['the first h1', '<h1 class=x>Big<br>blue\n <em>shoes</em></h1><h1>other</h1>', { h1: 'Big blue shoes' }],
    ['an h1 without end', '<h1>Big', { h1: 'Big' }],
    ['an h1 that is a picture', '<h1><img alt=logo></h1>', { h1: '' }],
  ])('%s', (_name, html, expected) => expect(read(html).text).toMatchObject(expected))

  test('where it is cut into pieces does not matter', () => {
    const html = `<title>x</title><h1>One &amp; two</h1><p>${'Some words 2026-11-20 and others. '.repeat(400)}</p><script>var a = 1</script>`
    for (const length of [1, 7, 100, 4_096]) expect(read(html, length)).toEqual(read(html))
  })
})

const headersHash = (headers: Record<string, string>) => hashOfHeaders(hashesOfHeaders(headers))

describe('hashes', () => {
  const page = (head: string, text: string, script: string) =>
    `<html><head><title>Shop</title><link rel=canonical href=/a>${head}</head><body><p>Blue shoes of all sizes. ${text}</p><script>${script}</script>`
  const plain = read(page('<meta name=description content=x>', 'Cheap.', 'start()'))
  const sides = (html: HtmlFacts) => ({ head: html.headHash, text: html.text.hash, scripts: html.scriptHash })
  test.each([
    ['nothing', page('<meta name=description content=x>', 'Cheap.', 'start()'), []],
    ['title and description', page('<meta name=description content=y>', 'Cheap.', 'start()'), ['head']],
    ['text', page('<meta name=description content=x>', 'Dear.', 'start()'), ['text']],
    ['mark-up only', page('<meta name=description content=x>', '<em class=new>Cheap</em>.', 'start()'), []],
    ['script', page('<meta name=description content=x>', 'Cheap.', 'start();evil()'), ['scripts']],
    [
      'a style',
      page('<meta name=description content=x><style>a{}</style><link rel=stylesheet href=/x.css>', 'Cheap.', 'start()'),
      [],
    ],
    ['a new script', page('<meta name=description content=x><script src=/x.js></script>', 'Cheap.', 'start()'), ['scripts']],
  ])('%s', (_name, html, changed) => {
    const after = sides(read(html))
    expect(
      Object.entries(sides(plain)).flatMap(([side, hash]) => (after[side as keyof typeof after] === hash ? [] : [side])),
    ).toEqual(changed)
  })

  test.each([
    ['<meta name=csrf-token content="Zx81kPqW9d">', '<meta name=csrf-token content="aa01kPqW9d">'],
    ['<p>Now 2026-11-20T12:00:01.123Z, 5 minutes ago', '<p>Now 2026-11-21T08:03:01Z, 7 minutes ago'],
    ['<p>Posted Nov 20, 2026 at 4:32 pm', '<p>Posted November 21st, 2026 at 5:01 pm'],
    ['<p>20.11.2026 or 20/11/2026', '<p>21.11.2026 or 21/11/2026'],
    [
      '<script nonce=abc>var nonce="abc", t=1763640000123</script>',
      '<script nonce=xyz>var nonce="def", t=1763650000999</script>',
    ],
    ['<script>x={csrf_token: "Zx8"}</script>', '<script>x={csrf_token: "b9"}</script>'],
    [
      '<script>id("3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b", "0123456789abcdef0123")</script>',
      '<script>id("4f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6c", "fedcba98765432100123")</script>',
    ],
    ['<script src="/a.js?v=123"></script>', '<script src="/a.js?v=124"></script>'],
  ])('%s is as good as another delivery of it', (a, b) => {
    expect(sides(read(b))).toEqual(sides(read(a)))
  })

  test('a price, a number and another word are no noise', () => {
    for (const [a, b] of [
      ['<p>9.99', '<p>8.99'],
      ['<script>limit = 10</script>', '<script>limit = 11</script>'],
      ['<script>go("/products/shoes-2026-Blue-42")</script>', '<script>go("/products/shoes-2026-Blue-43")</script>'],
    ] as const)
      expect(sides(read(b))).not.toEqual(sides(read(a)))
  })

  test('links in any order; headers without what belongs to one answer', () => {
    expect(hashOfLinks(['https://a.test/1', 'https://a.test/2'])).toBe(hashOfLinks(['https://a.test/2', 'https://a.test/1']))
    expect(hashOfLinks(['https://a.test/1'])).not.toBe(hashOfLinks(['https://a.test/2']))
    const csp = (nonce: string) => `script-src 'nonce-${nonce}' 'self'`
    expect(headersHash({ 'content-security-policy': csp('abc'), date: 'x', 'set-cookie': 'a=1' })).toBe(
      headersHash({ 'content-security-policy': csp('xyz'), date: 'y', 'set-cookie': 'a=2' }),
    )
    expect(headersHash({ 'x-robots-tag': 'noindex' })).not.toBe(headersHash({}))
  })
})

test('two pages of one template are told apart by their text', () => {
  const page = (text: string) =>
    read(`<nav>${'a b c '.repeat(50)}</nav><main>${text}</main><footer>${'d e f '.repeat(50)}</footer>`)
  expect(
    similarity(page('Blue shoes for long walks in the rain').text.textSketch, page('The page was not found').text.textSketch),
  ).toBeLessThan(0.2)
})

test('a hostile page costs no more time than its length', () => {
  const startedAt = performance.now()
  for (const piece of ['eyJ-', 'nonce="', 'csrf ', '1:', '0a', 'Ab1/', '<h1>', '2026-', 'x'])
    for (const wrap of [(text: string) => `<p>${text}`, (text: string) => `<script>${text}</script>`.repeat(4)])
      read(wrap(piece.repeat(Math.ceil(250_000 / piece.length))))
  expect(performance.now() - startedAt).toBeLessThan(10_000)
})
