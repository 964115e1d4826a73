import { crc32, gzipSync } from 'node:zlib'
import { describe, expect, test } from '@jest/globals'
import { hopsMax, nextHop } from './redirects.ts'
import { readSitemap, sitemapEntriesMax } from './sitemap.ts'

const read = (text: string | Buffer) => readSitemap(Buffer.from(text))
const urls = (text: string | Buffer) => read(text).entries.map((entry) => entry.url)

describe('sitemaps', () => {
  const usual =
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://a.test/1</loc><lastmod>2026-01-01</lastmod></url><url><loc> https://a.test/?a=1&amp;b=2\n</loc></url></urlset>'
  test.each([
    ['usual', usual, ['https://a.test/1', 'https://a.test/?a=1&b=2']],
    ['gzip', gzipSync(usual), ['https://a.test/1', 'https://a.test/?a=1&b=2']],
    ['byte order mark', `\ufeff${usual}`, ['https://a.test/1', 'https://a.test/?a=1&b=2']],
    ['white space before the declaration', `\n\n${usual}`, ['https://a.test/1', 'https://a.test/?a=1&b=2']],
    [
      'UTF-16',
      Buffer.from(`\ufeff${usual.replace('UTF-8', 'UTF-16')}`, 'utf16le'),
      ['https://a.test/1', 'https://a.test/?a=1&b=2'],
    ],
    ['CDATA', '<urlset><url><loc><![CDATA[https://a.test/?a&b]]></loc></url></urlset>', ['https://a.test/?a&b']],
    ['wrong namespace', '<urlset xmlns="x"><url><loc>https://a.test/</loc></url></urlset>', ['https://a.test/']],
    ['prefixes', '<s:urlset xmlns:s="x"><s:url><s:loc>https://a.test/</s:loc></s:url></s:urlset>', ['https://a.test/']],
    [
      'undeclared prefixes',
      '<urlset><url><loc>https://a.test/</loc><image:image><image:loc>https://a.test/i.png</image:loc></image:image></url></urlset>',
      ['https://a.test/'],
    ],
    ['text', '\ufeffhttps://a.test/1\r\nhttps://a.test/2\n\nnot an address', ['https://a.test/1', 'https://a.test/2']],
    ['upper case', '<URLSET><URL><LOC>https://a.test/</LOC></URL></URLSET>', ['https://a.test/']],
    ['empty', '<urlset/>', []],
  ])('%s', (_name, text, expected) => {
    expect(urls(text)).toEqual(expected)
    expect(read(text).fault).toBeNull()
  })

  test('an index, and dates', () => {
    expect(read('<sitemapindex><sitemap><loc>https://a.test/s.xml.gz</loc></sitemap></sitemapindex>')).toMatchObject({
      kind: 'index',
    })
    expect(read(usual).entries[0]).toEqual({ url: 'https://a.test/1', lastModified: '2026-01-01' })
  })

  test.each([
    ['HTML', '<!doctype html><html><body>Not found</body></html>', []],
    ['cut off', '<urlset><url><loc>https://a.test/1</loc></url><url><loc>https://a.te', ['https://a.test/1']],
    [
      'an unescaped ampersand',
      '<urlset><url><loc>https://a.test/?a&b=1</loc></url><url><loc>https://a.test/2</loc></url></urlset>',
      null,
    ],
    ['words', 'Not found', []],
    ['a broken archive', Buffer.from([0x1f, 0x8b, 1, 2, 3]), []],
    ['a bomb', gzipSync(Buffer.alloc(80 * 1024 * 1024)), []],
  ])('%s is unparseable', (_name, text, kept) => {
    expect(read(text).fault).toBe('unparseable')
    if (kept) expect(urls(text)).toEqual(kept)
  })

  const problems = (text: string | Buffer) => read(text).problems
  const urlset = (inner: string, attributes = ' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"') =>
    `<?xml version="1.0"?><urlset${attributes}>${inner}</urlset>`
  const page = (loc: string, more = '') => `<url><loc>${loc}</loc>${more}</url>`

  test.each([
    [
      'a foreign namespace as default',
      page('https://a.test/', '<image xmlns="http://image.test"><loc>https://a.test/i.png</loc></image>'),
    ],
    ['an extension before the address', '<url><x:a><x:loc>https://a.test/i.png</x:loc></x:a><loc>https://a.test/</loc></url>'],
    ['comments inside', '<url><loc><!-- the --> https://a.test/ <!-- home --></loc></url>'],
    ['instructions inside', '<?php echo 1 ?><url><loc>https://a.test/</loc></url>'],
    ['two addresses: the first', '<url><loc>https://a.test/</loc><loc>https://a.test/2</loc></url>'],
    [
      'an entry without address',
      '<url><lastmod>2026-01-01</lastmod></url><url><loc></loc></url><url><loc>https://a.test/</loc></url>',
    ],
    ['escapes by number', page('https&#58;//a.test&#x2F;')],
    [
      'images, videos, news and translations',
      page(
        'https://a.test/',
        '<image:image><image:loc>https://a.test/i</image:loc></image:image><video:video><video:content_loc>https://a.test/v</video:content_loc></video:video><news:news><news:title>x</news:title></news:news><xhtml:link rel="alternate" hreflang="de" href="https://a.test/de"/>',
      ),
    ],
  ])('%s', (_name, inner) => {
    expect(urls(urlset(inner))).toEqual(['https://a.test/'])
    expect(problems(urlset(inner))).toEqual([])
  })

  test.each([
    ['an address in markup', '<url><loc><url><![CDATA[https://a.test/]]></url></loc></url>'],
    ['an image without its wrapping', `<url><image:loc>https://a.test/i.png</image:loc><loc>https://a.test/</loc></url>`],
  ])('%s is read', (_name, inner) => expect(urls(urlset(inner))).toEqual(['https://a.test/']))

  const ns = 'xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"'
  test.each([
    ['the root alone', `<s:urlset ${ns}><url><loc>https://a.test/</loc></url></s:urlset>`],
    [
      'some elements',
      `<s:urlset ${ns}><url><s:loc>https://a.test/</s:loc></url><s:url><loc>https://a.test/</loc></s:url></s:urlset>`,
    ],
  ])('a prefix at %s', (_name, text) => {
    expect(new Set(urls(text))).toEqual(new Set(['https://a.test/']))
    expect(problems(text)).toEqual([])
  })

  test('an index that names no loc', () => {
    const index = '<sitemapindex><sitemap>\n https://a.test/s.xml?a&amp;b\n</sitemap><sitemap>none</sitemap></sitemapindex>'
    expect(read(index)).toMatchObject({ kind: 'index', problems: ['no_loc', 'namespace'], fault: null })
    expect(urls(index)).toEqual(['https://a.test/s.xml?a&b'])
  })

  test.each([
    [
      'RSS',
      '<rss version="2.0"><channel><link>https://a.test/</link><image><url>https://a.test/i.png</url></image><item><title>x</title><link>https://a.test/1</link><pubDate>Mon, 05 Jan 2026 10:00:00 GMT</pubDate></item><item><guid>https://a.test/2</guid></item><item><guid isPermaLink="false">17</guid></item><item><guid>18</guid></item></channel></rss>',
      'rss',
      ['https://a.test/1', 'https://a.test/2'],
    ],
    [
      'RSS with Atom inside',
      '<rss xmlns:atom="a"><channel><atom:link href="https://a.test/feed"/><item><atom:link href="https://a.test/0"/><link><![CDATA[https://a.test/1]]></link></item></channel></rss>',
      'rss',
      ['https://a.test/1'],
    ],
    [
      'RSS 1.0',
      '<rdf:RDF xmlns:rdf="r" xmlns="s"><channel><link>https://a.test/</link></channel><item rdf:about="x"><link>https://a.test/1</link><dc:date>2026-01-01</dc:date></item></rdf:RDF>',
      'rss',
      ['https://a.test/1'],
    ],
    [
      'Atom',
      '<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.test/"/><entry><link rel="self" href="https://a.test/0"/><link href="https://a.test/1"/><updated>2026-01-01</updated><content type="xhtml"><div><a><link href="https://a.test/x"/></a></div></content></entry><entry><link rel="alternate" type="text/html" href="https://a.test/2"></link></entry></feed>',
      'atom',
      ['https://a.test/1', 'https://a.test/2'],
    ],
    ['text', 'https://a.test/1\rhttp://a.test/2', 'text', ['https://a.test/1', 'http://a.test/2']],
  ])('%s', (_name, text, format, expected) => {
    expect(urls(text)).toEqual(expected)
    expect(read(text)).toMatchObject({ kind: 'pages', format, fault: null })
  })

  test('dates of feeds', () => {
    expect(
      read(
        '<feed><entry><link href="https://a.test/1"/><published>2025-01-01</published><updated>2026-01-01</updated></entry></feed>',
      ).entries[0]?.lastModified,
    ).toBe('2026-01-01')
  })

  const cyrillic = Buffer.concat([
    Buffer.from('<?xml version="1.0" encoding="windows-1251"?><urlset><url><loc>https://a.test/'),
    Buffer.from([0xff, 0xe0]),
    Buffer.from('</loc></url></urlset>'),
  ])
  const plain = urlset(page('https://a.test/\u00e4'))
  test.each<[string, Buffer, string]>([
    ['windows-1251', cyrillic, '\u044f\u0430'],
    ['Latin-1 without a word', Buffer.from(plain, 'latin1'), '\u00e4'],
    ['UTF-16 without mark', Buffer.from(plain, 'utf16le'), '\u00e4'],
    ['big-endian', Buffer.from(`\ufeff${plain}`, 'utf16le').swap16(), '\u00e4'],
    ['UTF-16 without mark, that begins with an empty line', Buffer.from(`\n${plain}`, 'utf16le'), '\u00e4'],
    ['Latin-1 that says it is UTF-8', Buffer.from(plain.replace('?>', ' encoding="UTF-8"?>'), 'latin1'), '\u00e4'],
    ['UTF-8 that is cut off in a character', Buffer.concat([Buffer.from(plain), Buffer.from([0xe3, 0x83])]), '\u00e4'],
    ['UTF-8 that says it is UTF-16', Buffer.from(plain.replace('?>', ' encoding="UTF-16"?>')), '\u00e4'],
    ['a charset that nobody knows', Buffer.from(plain.replace('?>', ' encoding="klingon"?>')), '\u00e4'],
  ])('%s', (_name, bytes, end) => expect(urls(bytes)).toEqual([`https://a.test/${end}`]))

  test.each([
    [
      'an unescaped ampersand',
      urlset(page('https://a.test/?a&b=1') + page('https://a.test/2')),
      ['malformed'],
      ['https://a.test/?a&b=1', 'https://a.test/2'],
    ],
    [
      'an address that is not closed',
      urlset(`<url><loc>https://a.test/1</url>${page('https://a.test/2')}`),
      ['malformed'],
      ['https://a.test/1', 'https://a.test/2'],
    ],
    [
      'entries that are not closed',
      urlset('<url><loc>https://a.test/1</loc><lastmod>2026</lastmod><url><loc>https://a.test/2</loc>'),
      ['malformed'],
      ['https://a.test/1', 'https://a.test/2'],
    ],
    [
      'an address that ends with a start tag',
      urlset('<url><loc>https://a.test/1<loc><lastmod>2026</lastmod></url><url><loc>https://a.test/2<url></urlset>'),
      ['malformed'],
      ['https://a.test/1', 'https://a.test/2'],
    ],
    [
      'tags that do not agree about their case',
      urlset('<URL><Loc>https://a.test/1</loc></url><url><loc>https://a.test/2</LOC></Url>'),
      ['malformed'],
      ['https://a.test/1', 'https://a.test/2'],
    ],
    ['a declaration without its end', urlset(page('https://a.test/1')).replace('?>', '>'), ['malformed'], ['https://a.test/1']],
    ['an HTML entity', urlset(page('https://a.test/1&nbsp;')), ['malformed'], ['https://a.test/1&nbsp;']],
    [
      'a message of the server in front',
      `Notice: x in y\n${urlset(page('https://a.test/1'))}`,
      ['malformed'],
      ['https://a.test/1'],
    ],
    [
      'a message with tags in front',
      `<br />\n<b>Warning</b>: x<br>${urlset(page('https://a.test/1'))}`,
      ['malformed'],
      ['https://a.test/1'],
    ],
    [
      'a message of the server behind',
      `${urlset(page('https://a.test/1'))}<!-- cached --><br>`,
      ['malformed'],
      ['https://a.test/1'],
    ],
    ['cut off', urlset(page('https://a.test/1') + page('https://a.test/2')).slice(0, -30), ['truncated'], ['https://a.test/1']],
    [
      'no root',
      page('https://a.test/1') + page('https://a.test/2'),
      ['malformed', 'root'],
      ['https://a.test/1', 'https://a.test/2'],
    ],
    ['another root', `<pages>${page('https://a.test/1')}</pages>`, ['root'], ['https://a.test/1']],
    ['no namespace', urlset(page('https://a.test/1'), ''), ['namespace'], ['https://a.test/1']],
    [
      'another namespace',
      urlset(page('https://a.test/1'), ' xmlns="https://www.sitemaps.org/schemas/sitemap/0.9"'),
      ['namespace'],
      ['https://a.test/1'],
    ],
    ['a relative address', urlset(page('/1')), ['invalid_url'], ['/1']],
    [
      'an endless address',
      urlset(page(`https://a.test/${'x'.repeat(9_000)}`) + page('https://a.test/2')),
      ['url_too_long'],
      ['https://a.test/2'],
    ],
    ['nothing', '', ['not_a_sitemap'], []],
    ['lines that are none', 'https://a.test/1\nhello', ['invalid_url'], ['https://a.test/1']],
    ['JSON', '{"urls":[]}', ['not_a_sitemap'], []],
    ['too deep', `<urlset>${'<a>'.repeat(200_000)}`, ['truncated', 'malformed', 'namespace'], []],
  ])('%s: %s', (_name, text, expected, kept) => {
    expect(problems(text)).toEqual(expected)
    expect(urls(text)).toEqual(kept)
  })

  const header = Buffer.from([0x1f, 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7, 0x6e, 0, 0x63, 0])
  const headerSum = Buffer.from(Uint16Array.of(crc32(header) & 0xffff).buffer)
  const packed = gzipSync(urlset(page('https://a.test/1')))
  test.each([
    ['an empty line', Buffer.concat([packed, Buffer.from('\r\n')])],
    ['a comment', Buffer.concat([packed, Buffer.from('<!-- cached -->')])],
    ['zeros', Buffer.concat([packed, Buffer.alloc(512)])],
    ['another part, and noise', Buffer.concat([packed, gzipSync('\n'), Buffer.from('x')])],
    ['noise, and before a header with all its fields', Buffer.concat([header, headerSum, packed.subarray(10), Buffer.from('x')])],
  ])('%s behind an archive', (_name, bytes) => {
    expect(urls(bytes)).toEqual(['https://a.test/1'])
    expect(problems(bytes)).toEqual([])
  })

  test('what an archive still gives', () => {
    const large = gzipSync(urlset(Array.from({ length: 3_000 }, (_, n) => page(`https://a.test/${n}-${Math.sin(n)}`)).join('')))
    const cut = read(large.subarray(0, large.length - 100))
    expect(cut).toMatchObject({ fault: 'unparseable', problems: ['truncated', 'broken_archive'] })
    expect(cut.entries.length).toBeGreaterThan(2_000)
    expect(urls(gzipSync(gzipSync(urlset(page('https://a.test/1')))))).toEqual(['https://a.test/1'])
  })

  test('more than 50 MB', () => {
    const many = Buffer.from(urlset(`${page('https://a.test/')}${' '.repeat(50 * 1024 * 1024)}`))
    for (const bytes of [many, gzipSync(many)])
      expect(readSitemap(bytes)).toMatchObject({
        fault: 'too_large',
        problems: ['too_large'],
        entries: [{ url: 'https://a.test/' }],
      })
  })

  test('an index under the wrong root', () =>
    expect(read(urlset('<sitemap><loc>https://a.test/s.xml</loc></sitemap>')).kind).toBe('index'))

  test('too many', () => {
    const many = read(`<urlset>${'<url><loc>https://a.test/</loc></url>'.repeat(sitemapEntriesMax + 1)}</urlset>`)
    expect(many.fault).toBe('too_many')
    expect(many.entries).toHaveLength(sitemapEntriesMax)
  })
})

describe('redirects', () => {
  const hop = (url: string, status = 301) => ({ url, status })
  test.each([
    ['absolute', [hop('https://a.test/')], 'https://b.test/x', 'https://b.test/x'],
    ['relative', [hop('https://a.test/b/c')], '../d?e', 'https://a.test/d?e'],
    ['without scheme', [hop('https://a.test/')], '//b.test', 'https://b.test/'],
    ['the fragment is dropped', [hop('https://a.test/')], '/x#y', 'https://a.test/x'],
    ['raw UTF-8', [hop('https://a.test/')], Buffer.from('/ä').toString('latin1'), 'https://a.test/%C3%A4'],
    ['raw Latin-1', [hop('https://a.test/')], '/\xe4', 'https://a.test/%C3%A4'],
    ['a tracking parameter less', [hop('https://a.test/?utm_source=x')], '/', 'https://a.test/'],
  ])('%s', (_name, hops, location, next) => {
    const found = nextHop(hops, location)
    expect('next' in found && found.next.href).toBe(next)
  })

  test.each([
    ['200', [hop('https://a.test/', 200)], '/x', 'no_redirect'],
    ['304', [hop('https://a.test/', 304)], '/x', 'no_redirect'],
    ['no location', [hop('https://a.test/')], undefined, 'no_location'],
    ['an empty location', [hop('https://a.test/')], ' ', 'no_location'],
    ['nonsense', [hop('https://a.test/')], 'http://', 'no_location'],
    ['itself', [hop('https://a.test/')], '/', 'loop'],
    ['itself with a fragment', [hop('https://a.test/')], '/#x', 'loop'],
    ['back', [hop('https://a.test/'), hop('https://a.test/x')], '/', 'loop'],
    ['an app', [hop('https://a.test/')], 'intent://x', 'not_http'],
    ['too many', Array.from({ length: hopsMax + 1 }, (_, i) => hop(`https://a.test/${i}`)), '/end', 'limit'],
  ])('%s ends it', (_name, hops, location, end) => expect(nextHop(hops, location)).toEqual({ end }))

  test('ten may lead to a page', () => {
    const hops = Array.from({ length: 10 }, (_, i) => hop(`https://a.test/${i}`))
    expect(nextHop(hops, '/end')).toEqual({ next: new URL('https://a.test/end') })
  })
})
