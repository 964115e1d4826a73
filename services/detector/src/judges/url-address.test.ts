import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { hostOfAddress, urlAddress } from './url-address.ts'
import { templateOf } from './url-template.ts'

test.each([
  ['https://example.com/', 'example.com'],
  ['http://example.com:8080/a?b=//c/', 'example.com:8080'],
  ['https://[::1]:8443/a', '[::1]:8443'],
  ['https://user:p@example.com/a', 'example.com'],
  ['https://example.com', 'example.com'],
])('the host of %s is %s', (address, host) => expect(hostOfAddress(address)).toBe(host))

describe('urlAddress', () => {
  test.each([
    ['HTTP://Example.COM', 'http://example.com/'],
    ['http://example.com:80/', 'http://example.com/'],
    ['https://example.com:443/a', 'https://example.com/a'],
    ['http://example.com:443/a', 'http://example.com:443/a'],
    ['https://example.com/a#b', 'https://example.com/a'],
    ['https://example.com/#!/route', 'https://example.com/'],
    ['https://user:secret@example.com/', 'https://example.com/'],
    ['https://example.com/%7Euser/%41', 'https://example.com/~user/A'],
    ['https://example.com/a%2fb%3a', 'https://example.com/a%2Fb%3A'],
    ['https://example.com/ä', 'https://example.com/%C3%A4'],
    ['https://example.com/%c3%a4', 'https://example.com/%C3%A4'],
    ['https://example.com/a b', 'https://example.com/a%20b'],
    ['https://example.com/100%', 'https://example.com/100%25'],
    ['https://example.com/a|b', 'https://example.com/a%7Cb'],
    ['https://example.com/?a[]=1', 'https://example.com/?a%5B%5D=1'],
    ['https://example.com/?a%5b%5d=1', 'https://example.com/?a%5B%5D=1'],
    ['https://example.com/a/./b/../c', 'https://example.com/a/c'],
    ['https://example.com/a/%2e%2e/c', 'https://example.com/c'],
    ['https://example.com//a', 'https://example.com//a'],
    ['https:\\\\example.com\\a', 'https://example.com/a'],
    [' https://example.com/a\n', 'https://example.com/a'],
    ['https://exa\tmple.com/', 'https://example.com/'],
    ['https://example.com/?', 'https://example.com/'],
    ['https://example.com/?b=2&a=1', 'https://example.com/?b=2&a=1'],
    ['https://example.com/?a=1&a=2', 'https://example.com/?a=1&a=2'],
    ['https://example.com/?utm_source=x&a=1&utm_medium=y', 'https://example.com/?a=1'],
    ['https://example.com/?UTM_Source=x', 'https://example.com/'],
    ['https://example.com/?utm%5Fsource=x', 'https://example.com/'],
    ['https://example.com/?gclid=1&fbclid=2&msclkid=3&_gl=4&mc_eid=5', 'https://example.com/'],
    ['https://example.com/?a=1&amp;utm_source=x&amp;b=2', 'https://example.com/?a=1&amp;b=2'],
    ['https://example.com/?ga_source=1&itm_campaign=2&wt_zmc=3&elqTrackId=4', 'https://example.com/'],
    ['https://example.com/?ref=1&cmpid=2&id=3', 'https://example.com/?ref=1&cmpid=2&id=3'],
    ['https://example.com/?q=utm_source', 'https://example.com/?q=utm_source'],
    ['https://example.com/?id=%3D', 'https://example.com/?id=%3D'],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['http://[::1]:8080/', 'http://[::1]:8080/'],
    ['https://example.com.:8443/', 'https://example.com:8443/'],
    ['https://example.com../a', 'https://example.com/a'],
    ['http://0x7f.1../', 'http://127.0.0.1/'],
    ['https://example%2Ecom%2E/', 'https://example.com/'],
    ['https://example.com:/a', 'https://example.com/a'],
    ['https:example.com/a', 'https://example.com/a'],
    ['https://example.com/?a=1&', 'https://example.com/?a=1'],
    ['https://example.com/?&&', 'https://example.com/'],
    ['https://example.com/?a&b=', 'https://example.com/?a&b='],
    ['https://example.com/?a=1&&gad_source=5&srsltid=x&utm_source_platform=y&_kx=z', 'https://example.com/?a=1'],
    ["https://example.com/a;v=1,b@c:d!$&'()*+", "https://example.com/a;v=1,b@c:d!$&'()*+"],
    ['https://example.com/%E4', 'https://example.com/%E4'],
    ['https://example.com/%252F', 'https://example.com/%252F'],
    ['https://example.com/a/..', 'https://example.com/'],
    ['https://example.com/a/b/.', 'https://example.com/a/b/'],
    ['https://example.com/../../a', 'https://example.com/a'],
    ['https://example.com/a..b/.c', 'https://example.com/a..b/.c'],
    ['http://2130706433/', 'http://127.0.0.1/'],
  ])('%s → %s', (address, spelled) => expect(urlAddress(address)).toBe(spelled))

  test.each([
    'mailto:a@b.c',
    'javascript:void(0)',
    'tel:1',
    'ftp://example.com/',
    'data:text/html,x',
    '/a',
    '',
    'http://',
    'http://../a',
    'https://exa mple.com/',
  ])('%s has none', (address) => expect(urlAddress(address)).toBeNull())

  test.each([
    ['b', 'https://example.com/a/b'],
    ['/b', 'https://example.com/b'],
    ['?b', 'https://example.com/a/c?b'],
    ['', 'https://example.com/a/c'],
    ['#top', 'https://example.com/a/c'],
    ['//cdn.test/x', 'https://cdn.test/x'],
  ])('%s is taken relative to its page', (href, spelled) => expect(urlAddress(href, 'https://example.com/a/c')).toBe(spelled))

  test('a path is read as the parser of addresses reads it, also when it needs none', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      'a',
      'B9',
      '-',
      '_',
      '~',
      '%41',
      '%2f',
      '?',
      '?a',
      '#',
      ':',
      ' ',
      '\t',
      '\\\\',
      'ä',
      ';',
      '@',
      '//',
    )
    const base = fc.constantFrom(
      'https://a.test/x/y',
      'http://a.test:8080/x',
      'https://u:p@a.test./',
      'http://[::1]/',
      'file:///x/',
      'data:x',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), base, (pieces, from) => {
        const parsed = URL.parse(`/${pieces.join('')}`, from)
        expect(urlAddress(`/${pieces.join('')}`, new URL(from))).toBe(parsed && urlAddress(parsed))
      }),
      { numRuns: 3_000 },
    )
  })

  test('an address as it is spelled is spelled so', () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string(), (url, extra) => {
        const spelled = urlAddress(`${url}${extra}`)
        return spelled === null || urlAddress(spelled) === spelled
      }),
      { numRuns: 500 },
    )
  })
})

describe('templateOf', () => {
  test.each([
    ['https://a.test/', 'https://a.test/'],
    ['https://a.test/about', 'https://a.test/about'],
    ['https://a.test/products/red-shoe-12', 'https://a.test/products/{slug}'],
    ['https://a.test/products/', 'https://a.test/products/'],
    ['https://a.test/p/17.html', 'https://a.test/p/{n}.html'],
    ['https://a.test/2026/01/05/some-title', 'https://a.test/{n}/{n}/{n}/{slug}'],
    ['https://a.test/page17', 'https://a.test/page{n}'],
    ['https://a.test/x/3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'https://a.test/x/{id}'],
    ['https://a.test/list?page=2&sort=a', 'https://a.test/list?page&sort'],
    ['https://a.test/list?sort=b&page=3', 'https://a.test/list?page&sort'],
    ['https://a.test/how-to-tie-a-tie', 'https://a.test/{slug}'],
    ['https://a.test:8443/p/1', 'https://a.test:8443/p/{n}'],
  ])('%s → %s', (url, template) => expect(templateOf(url)).toBe(template))
})
