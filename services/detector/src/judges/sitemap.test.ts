import { gzipSync } from 'node:zlib'
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
    ['nonsense', [hop('https://a.test/')], 'http://', 'no_location'],
    ['itself', [hop('https://a.test/')], '/', 'loop'],
    ['itself with a fragment', [hop('https://a.test/')], '/#x', 'loop'],
    ['back', [hop('https://a.test/'), hop('https://a.test/x')], '/', 'loop'],
    ['an app', [hop('https://a.test/')], 'intent://x', 'not_http'],
    ['too many', Array.from({ length: hopsMax }, (_, i) => hop(`https://a.test/${i}`)), '/end', 'limit'],
  ])('%s ends it', (_name, hops, location, end) => expect(nextHop(hops, location)).toEqual({ end }))
})
