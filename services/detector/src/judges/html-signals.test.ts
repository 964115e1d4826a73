import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type CanonicalTarget, canonicalFaults } from './canonical.ts'
import { createHtmlReader, readHtml } from './html-signals.ts'
import { indexability } from './indexability.ts'
import { linkHeaderTargets } from './link-header.ts'
import { mixedContent } from './mixed-content.ts'

const now = new Date('2026-11-20T12:00:00Z')
const page = 'https://shop.test/a/page'
const look = (html: string, headers: Record<string, string | string[]> = {}, robotsTxt: string | null = null) =>
  indexability(headers, html, robotsTxt, page, { now })

describe('noindex in HTML', () => {
  test.each([
    ['plain', '<meta name="robots" content="noindex">', ['noindex']],
    ['upper case', '<META NAME="ROBOTS" CONTENT="NOINDEX, NOFOLLOW">', ['noindex']],
    ['none', '<meta name=robots content=none>', ['none']],
    ['for Google', '<meta name="googlebot" content="noindex">', ['noindex']],
    ['for another', '<meta name="bingbot" content="noindex">', []],
    ['for Google News', '<meta name="googlebot-news" content="noindex">', []],
    ['the most restrictive wins', '<meta name="robots" content="index"><meta name="googlebot" content="noindex">', ['noindex']],
    [
      'and the other way round',
      '<meta name="robots" content="noindex"><meta name="googlebot" content="index, follow">',
      ['noindex'],
    ],
    ['contradiction in one', '<meta name="robots" content="index, noindex">', ['noindex']],
    ['spaces instead of commas', '<meta name="robots" content="noindex nofollow">', ['noindex']],
    ['content first', '<meta content="noindex" name="robots">', ['noindex']],
    ['entities', '<meta name="robots" content="no&#105;ndex">', ['noindex']],
    ['in the body', '<body><p>x</p><meta name="robots" content="noindex">', ['noindex']],
    ['in a comment', '<!-- <meta name="robots" content="noindex"> -->', []],
    ['in a conditional comment', '<!--[if IE]><meta name="robots" content="noindex"><![endif]-->', []],
    ['in a script', '<script>document.write(\'<meta name="robots" content="noindex">\')</script>', []],
    ['in a template', '<template><meta name="robots" content="noindex"></template>', []],
    ['in a textarea', '<textarea><meta name="robots" content="noindex"></textarea>', []],
    ['in a title', '<title><meta name="robots" content="noindex"></title>', []],
    ['property instead of name', '<meta property="robots" content="noindex">', []],
    ['another word', '<meta name="robots" content="noindexing, x-noindex">', []],
    ['nofollow only', '<meta name="robots" content="nofollow, noarchive, max-snippet:-1">', []],
    ['all', '<meta name="robots" content="all">', []],
    ['no content', '<meta name="robots">', []],
    ['unclosed tag', '<meta name="robots" content="noindex"', []],
    ['a preview that is none', '<meta name="robots" content="max-image-preview: none, max-video-preview:none">', []],
    ['a preview, then noindex', '<meta name="robots" content="max-snippet:-1 noindex">', ['noindex']],
    ['no year, no date', '<meta name="robots" content="unavailable_after: 1 week">', []],
    ['past date, ISO without marks', '<meta name="robots" content="unavailable_after: 20200921T150000Z">', ['unavailable_after']],
    [
      'past date, a place for a zone',
      '<meta name="robots" content="unavailable_after: 21 Sep 2020 15:00:00 Europe/Berlin, all">',
      ['unavailable_after'],
    ],
    ['today, without a zone', '<meta name="robots" content="unavailable_after: 2026-11-20 11:59">', ['unavailable_after']],
    ['today, later', '<meta name="robots" content="unavailable_after: 20 Nov 2026 12:01:00">', []],
    ['past date', '<meta name="robots" content="unavailable_after: 25-Aug-2007 15:00:00 EST">', ['unavailable_after']],
    [
      'past date, RFC 850',
      '<meta name="robots" content="unavailable_after: Sunday, 25-Aug-19 15:00:00 GMT">',
      ['unavailable_after'],
    ],
    ['past date, ISO', '<meta name="googlebot" content="unavailable_after:2020-09-21">', ['unavailable_after']],
    [
      'past date, unknown zone',
      '<meta name="robots" content="unavailable_after: 25 Jun 2010 15:00:00 CET">',
      ['unavailable_after'],
    ],
    ['future date', '<meta name="robots" content="unavailable_after: 2030-01-01">', []],
    ['future date and noindex', '<meta name="robots" content="unavailable_after: 2030-01-01, noindex">', ['noindex']],
    ['no date', '<meta name="robots" content="unavailable_after: soon">', []],
  ])('%s', (_name, html, because) => expect(look(html).noindex.map((each) => each.because)).toEqual(because))
})

describe('noindex in a header', () => {
  test.each([
    ['plain', 'noindex', ['robots noindex']],
    ['list', ['nofollow', 'noindex'], ['robots noindex']],
    ['for Google', 'googlebot: noindex, nofollow', ['googlebot noindex']],
    ['for another', 'otherbot: noindex, nofollow', []],
    ['for both, joined', 'googlebot: nofollow, otherbot: noindex', []],
    ['for both, joined, the other way', 'otherbot: nofollow, googlebot: noindex', ['googlebot noindex']],
    ['a scope lasts to the next', 'otherbot: nofollow, noindex', []],
    ['everybody before a scope', 'noindex, otherbot: nofollow', ['robots noindex']],
    ['valued directives are no scope', 'max-snippet: 20, noindex', ['robots noindex']],
    ['past date with a comma', 'unavailable_after: Wed, 25 Jun 2010 15:00:00 PST', ['robots unavailable_after']],
    ['past date for Google', 'googlebot: unavailable_after: 25 Jun 2010 15:00:00 PST', ['googlebot unavailable_after']],
    ['future date', 'unavailable_after: Wed, 25 Jun 2036 15:00:00 PST, nofollow', []],
    ['none', ' NONE ', ['robots none']],
    ['empty', '', []],
    ['for a name with a dot', 'archive.org_bot: noindex', []],
    ['for a name with a version, after another', 'googlebot: nofollow, some-bot/2.0: noindex', []],
    ['for all, by a star', '*: noindex', ['robots noindex']],
    ['a preview that is none', 'googlebot: max-image-preview: none', []],
    ['lines in one text', 'googlebot: nofollow\notherbot: noindex', []],
  ])('%s', (_name, value, expected) =>
    expect(look('', { 'X-Robots-Tag': value }).noindex.map((each) => `${each.agent} ${each.because}`)).toEqual(expected),
  )

  test('a name that is written in two ways is one header', () =>
    expect(
      look('', { 'X-Robots-Tag': 'all', 'x-robots-tag': 'none', 'X-ROBOTS-TAG': ['nofollow', 'noindex'] }).noindex,
    ).toHaveLength(2))

  test('robots.txt is part of the answer', () => {
    expect(look('', {}, 'user-agent: *\ndisallow: /a/')).toMatchObject({ indexable: false, robots: { allowed: false, line: 2 } })
    expect(look('', {}, 'user-agent: googlebot\nallow: /\n\nuser-agent: *\ndisallow: /')).toMatchObject({ indexable: true })
  })
})

test('other crawlers are named in more ways than googlebot', () => {
  const seen = (name: string, crawler: string) =>
    indexability({}, `<meta name="${name}" content="noindex">`, null, page, { now, crawler }).indexable
  expect([seen('archive.org_bot', 'archive.org_bot'), seen('slurp', 'Slurp'), seen('slurp', 'bingbot')]).toEqual([
    false,
    false,
    true,
  ])
})

test('without a clock the answer says when it was given', () => {
  const html = '<meta name=robots content="unavailable_after: 2026-06-01">'
  const at = (date: string) => indexability({ Date: date }, html, null, page).indexable
  expect(at('Sun, 31 May 2026 12:00:00 GMT')).toBe(true)
  expect(at('Tue, 02 Jun 2026 12:00:00 GMT')).toBe(false)
  expect(indexability({}, '<meta name=robots content=noindex>', null, page).indexable).toBe(false)
})

describe('canonical', () => {
  const own = '<link rel="canonical" href="https://shop.test/a/page">'
  test.each([
    ['absolute', own, [page], 0],
    ['relative', '<link rel=canonical href=other>', ['https://shop.test/a/other'], 0],
    ['with base', '<base href="/b/"><link rel=canonical href=other>', ['https://shop.test/b/other'], 0],
    ['base behind it', '<link rel=canonical href=other><base href="/b/">', ['https://shop.test/b/other'], 0],
    ['several words', '<link rel="shortlink Canonical" href="/x">', ['https://shop.test/x'], 0],
    ['in the body', `<body>${own}`, [], 1],
    ['behind a paragraph', `<head><p>${own}</head>`, [], 1],
    ['behind text', `<head>oops${own}</head>`, [], 1],
    ['behind an image', `<head><img src=x>${own}</head>`, [], 1],
    ['behind a noscript image', `<head><noscript><img src=x></noscript>${own}</head>`, [page], 0],
    ['behind a script with markup', `<head><script>"<p>"</script>${own}</head>`, [page], 0],
    ['behind the end of the head', `<head></head>${own}<body>`, [page], 0],
    ['behind a template', `<head><template><p>x</p></template>${own}</head>`, [page], 0],
    ['behind a comment and white space', `\n<!-- p -->\n<head>\n <!-- x --> \n${own}`, [page], 0],
    ['behind a byte order mark', `\ufeff<html><head>${own}`, [page], 0],
    ['behind a second one, which is text', `\ufeff\ufeff<html><head>${own}`, [], 1],
    ['behind a no-break space, which is text', `<head>&nbsp;${own}`, [], 1],
    ['without head', own, [page], 0],
    ['with hreflang', '<link rel="canonical alternate" hreflang="de" href="/de">', [], 1],
    ['in svg', `<svg>${own}</svg>`, [], 1],
    ['behind the end of a paragraph that did not begin', `<head></p>${own}</head>`, [page], 0],
    ['a base of a drawing is none', `<svg><base href="/b/"></svg><link rel=canonical href="other">`, [], 1],
    ['a drawing that is not closed', `<head>${own}<body><svg><p><base href="/b/">`, [page], 0],
    ['empty', '<link rel=canonical href=" ">', [], 1],
    ['mail', '<link rel=canonical href="mailto:a@b.c">', [null], 0],
    ['without href', '<link rel=canonical>', [], 0],
    ['tracking', '<link rel=canonical href="/x?utm_source=a#b">', ['https://shop.test/x'], 0],
  ])('%s', (_name, html, urls, ignored) => {
    const seen = look(html)
    expect(seen.canonicals.map((each) => each.url)).toEqual(urls)
    expect(seen.canonicalsIgnored).toBe(ignored)
  })

  test.each([
    ['<https://shop.test/x>; rel="canonical"', ['https://shop.test/x']],
    ['</x,y;z>;rel=canonical', ['/x,y;z']],
    ['<a>; rel="next", <b>; title="a, b; c"; rel="canonical"', ['b']],
    ['<a>; rel="prev canonical"', ['a']],
    ['<a>; rel="canonical"; anchor="/other"', []],
    ['<a>; rel=preload; as=style, <b>; rel=CANONICAL', ['b']],
    ['a; rel=canonical', []],
    ['<a>; title="x; rel=canonical"', []],
    ['<a>; ; rel="canonical";', ['a']],
  ])('header %s', (header, targets) => expect(linkHeaderTargets(header, 'canonical')).toEqual(targets))

  const fine: CanonicalTarget = { status: 200, redirects: false, noindex: false, blocked: false, canonical: null }
  const link = (href: string, source: 'html' | 'header' = 'html') => ({ source, href, url: href })
  test.each([
    ['none', [], fine, []],
    ['itself', [link(page)], fine, []],
    ['another', [link('https://shop.test/x')], fine, []],
    ['another that names itself', [link('https://shop.test/x')], { ...fine, canonical: 'https://shop.test/x' }, []],
    ['not looked at', [link('https://other.test/x')], null, []],
    ['missing', [link('https://shop.test/x')], { ...fine, status: 404 }, ['target_error']],
    ['broken', [link('https://shop.test/x')], { ...fine, status: 500 }, ['target_error']],
    ['redirect', [link('https://shop.test/x')], { ...fine, redirects: true }, ['target_redirects']],
    ['noindex', [link('https://shop.test/x')], { ...fine, noindex: true }, ['target_noindex']],
    ['blocked', [link('https://shop.test/x')], { ...fine, blocked: true }, ['target_blocked']],
    ['loop', [link('https://shop.test/x')], { ...fine, canonical: page }, ['loop']],
    ['chain', [link('https://shop.test/x')], { ...fine, canonical: 'https://shop.test/y' }, ['chain']],
    ['several', [link(page), link('https://shop.test/x')], fine, ['several']],
    ['the same twice', [link(page), link(page)], fine, []],
    ['HTML and header differ', [link(page), link('https://shop.test/x', 'header')], fine, ['header_differs']],
    ['HTML and header agree', [link(page), link(page, 'header')], fine, []],
    ['relative', [{ source: 'html' as const, href: '/a/page', url: page }], fine, ['relative']],
    ['relative in the header', [{ source: 'header' as const, href: '//shop.test/a/page', url: page }], fine, ['relative']],
    ['invalid', [{ source: 'html' as const, href: 'mailto:x', url: null }], fine, ['invalid']],
  ])('judged: %s', (_name, canonicals, target, faults) => expect(canonicalFaults(page, canonicals, () => target)).toEqual(faults))
})

describe('mixed content', () => {
  const bad = 'http://cdn.test/x'
  test.each([
    [`<script src="${bad}"></script>`, ['active script']],
    [`<link rel="stylesheet" href="${bad}">`, ['active link']],
    [`<iframe src="${bad}"></iframe>`, ['active iframe']],
    [`<object data="${bad}"></object><embed src="${bad}2">`, ['active object', 'active embed']],
    [`<img src="${bad}">`, ['passive img']],
    [`<img srcset="${bad} 1x, ${bad}2 2x">`, ['passive img', 'passive img']],
    [`<picture><source srcset="${bad}?w=1,2 100w"></picture>`, ['passive source']],
    [
      `<video src="${bad}" poster="${bad}p"></video><audio src="${bad}a"></audio>`,
      ['passive video', 'passive video', 'passive audio'],
    ],
    [`<form action="${bad}"></form>`, ['form form']],
    [`<button formaction="${bad}">`, ['form button']],
    [`<input type=image src="${bad}">`, ['passive input']],
    [`<link rel="icon" href="${bad}">`, ['passive link']],
    [`<link rel="canonical" href="${bad}"><a href="${bad}">x</a>`, []],
    [`<p style="background:url(${bad})">`, ['passive p']],
    [`<style>@import "${bad}.css"; p{background:url('${bad}.png')}</style>`, ['active style', 'passive style']],
    [`<style>@font-face{src:url(${bad}.woff)}</style>`, ['active style']],
    [`<script>fetch("${bad}")</script>`, ['active script']],
    [`<script>var a = "${bad}" // only named</script>`, []],
    [`<script>new WebSocket('ws://x.test/')</script>`, ['active script']],
    [`<base href="http://shop.test/"><script src="x.js"></script>`, ['active script']],
    ['<script src="//cdn.test/x.js"></script><img src="/x.png"><img src="data:image/png,x">', []],
    ['<script src="HTTP://CDN.test/x"></script>', ['active script']],
    ['<script src="http://localhost:3000/x"></script><img src="http://127.0.0.1/x">', []],
    [`<!-- <script src="${bad}"></script> -->`, []],
    [`<template><script src="${bad}"></script></template>`, []],
    [`<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests"><img src="${bad}">`, []],
    [`<img data-src="${bad}">`, []],
  ])('%s', (html, expected) => expect(mixedContent(html, page).map((each) => `${each.kind} ${each.tag}`)).toEqual(expected))

  test('a page that came over http has none, and fifty of a kind are enough', () => {
    expect(mixedContent(`<script src="${bad}"></script>`, 'http://shop.test/')).toEqual([])
    expect(mixedContent(Array.from({ length: 99 }, (_, i) => `<img src="${bad}${i}">`).join(''), page)).toHaveLength(50)
  })
})

describe('broken HTML', () => {
  const readAll = (html: string) => {
    const links: string[] = []
    return { links, signals: readHtml(html, { onLink: (href) => links.push(href), wantsReferences: true }) }
  }

  test('links and titles survive it', () => {
    const { links, signals } = readAll(
      `<html><title>A &amp; B\n  c</title><a href=one>1<a href='two'>2</a></b></div><A HREF="three&amp;x=1">3<area href=four>
       <a rel="noopener NOFOLLOW" href=no><iframe src=five></iframe><script><a href=no></script><textarea><a href=no></textarea>
       <svg><title>no</title><a href=six></a></svg><a href="seven`,
    )
    expect(links).toEqual(['one', 'two', 'three&x=1', 'four', 'five', 'six'])
    expect(signals.title).toBe('A & B c')
  })

  test('a refresh is read', () => {
    expect(readAll('<meta http-equiv=Refresh content="0; URL=\'/next\'">').signals.refresh).toBe('/next')
    expect(readAll('<meta http-equiv=refresh content="30">').signals.refresh).toBeNull()
  })

  test('no text makes it throw, and where it is cut into pieces does not matter', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      '"',
      "'",
      '=',
      '<a href=x>',
      '</a>',
      '<head>',
      '<body>',
      '<template>',
      '</template>',
      '<noscript>',
      '</noscript>',
      '<meta name=robots content=noindex>',
      '<link rel=canonical href=/c>',
      '<title>',
      '</title>',
      '<script>',
      '</script>',
      '<svg>',
      '&amp;',
      'x',
      ' ',
      '<!--',
      '-->',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const whole = readAll(pieces.join('')).signals
        const reader = createHtmlReader({ onLink() {}, wantsReferences: true })
        for (const each of pieces) reader.write(each)
        expect(reader.end()).toEqual(whole)
      }),
      { numRuns: 300 },
    )
  })
})
