import { describe, expect, test } from '@jest/globals'
import { readHtml } from './html-signals.ts'
import { mixedContent, mixedItemsOf } from './mixed-content.ts'
import { insecureInScript, insecureInStyle } from './page-references.ts'
import { srcsetUrls } from './srcset.ts'

const page = 'https://shop.test/a/b'
const http = 'http://cdn.test/x'
const found = (html: string) => mixedContent(html, page).map((each) => `${each.kind} ${each.handling} ${each.url}`)
const one = (kind: string, handling: string) => [`${kind} ${handling} ${http}`]

const wish = '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests">'
const blocked = one('active', 'blocked')
const upgraded = one('passive', 'upgraded')
const sized = one('passive', 'blocked')
const warned = one('form', 'warned')

describe('what browsers do with what comes over http', () => {
  test.each([
    ['script', `<script src="${http}"></script>`, blocked],
    ['module', `<script type=module src="${http}"></script>`, blocked],
    ['style sheet', `<link rel="alternate stylesheet" href="${http}">`, blocked],
    ['frame', `<iframe src="${http}"></iframe>`, blocked],
    ['plugin', `<embed src="${http}"><object data="${http}"></object>`, blocked],
    ['subtitles', `<video><track src="${http}"></video>`, blocked],
    ['manifest', `<link rel=manifest href="${http}">`, blocked],
    ['preloaded script', `<link rel=preload as=script href="${http}">`, blocked],
    ['preloaded image', `<link rel=preload as=image href="${http}">`, upgraded],
    ['preloaded sizes', `<link rel=preload as=image imagesrcset="${http} 2x">`, sized],
    ['script of a drawing', `<svg><script xlink:href="${http}"></script></svg>`, blocked],
    ['drawing of a drawing', `<svg><use href="${http}"/></svg>`, blocked],
    ['image of a drawing', `<svg><image href="${http}"/></svg>`, upgraded],
    ['image', `<img src="${http}">`, upgraded],
    ['image of any case', `<IMG SRC="HTTP://CDN.test/x">`, upgraded],
    ['image after white space', `<img src=" \n${http}">`, upgraded],
    ['image without slashes', `<img src="http:cdn.test/x">`, upgraded],
    ['image of several sizes', `<img srcset="/small.png 1x, ${http} 2x">`, sized],
    ['picture', `<picture><source srcset="${http}"><img src="/x"></picture>`, sized],
    ['film', `<video src="${http}"></video>`, upgraded],
    ['film in two formats', `<video><source src="${http}"></video>`, upgraded],
    ['poster', `<video poster="${http}"></video>`, upgraded],
    ['sound', `<audio src="${http}"></audio>`, upgraded],
    ['button with an image', `<input type=image src="${http}">`, upgraded],
    ['icon', `<link rel="shortcut icon" href="${http}">`, upgraded],
    ['background of old', `<table background="${http}">`, upgraded],
    ['form', `<form action="${http}"></form>`, warned],
    ['button that sends elsewhere', `<form><button formaction="${http}"></form>`, warned],
    ['style', `<style>a { background: url( '${http}' ) }</style>`, upgraded],
    ['style of any case', `<style>a { background: URL(HTTP://cdn.test/x) }</style>`, upgraded],
    ['style attribute', `<p style="background:url(${http})">`, upgraded],
    ['style attribute, escaped', `<p style="background:url(&quot;${http}&quot;)">`, upgraded],
    ['font', `<style>@font-face { font-family: x; src: url(/a.woff2), url("${http}") }</style>`, blocked],
    ['import', `<style>@import "${http}" screen;</style>`, blocked],
    ['import of a url', `<style>@import url(${http});</style>`, blocked],
    ['request', `<script>fetch("${http}")</script>`, blocked],
    ['module loaded by a script', `<script type=module>import('${http}')</script>`, blocked],
    ['beacon', `<script>navigator.sendBeacon('${http}', x)</script>`, blocked],
    ['request of old', `<script>x.open( 'get', "${http}", true)</script>`, blocked],
    ['worker', `<script>new Worker("${http}")</script>`, blocked],
    ['frame of written HTML', `<iframe srcdoc="<script src='${http}'></script>" src="http://other.test"></iframe>`, blocked],
    ['frame in such a frame', `<iframe srcdoc="<iframe srcdoc='<img src=${http}>'></iframe>"></iframe>`, upgraded],
    ['module for browsers without modules', `<script type=module nomodule src="${http}"></script>`, blocked],
    ['script of an old type', `<script type=" text/JavaScript1.5 " language=vbscript src="${http}"></script>`, blocked],
    ['script of an old language', `<script language=JavaScript src="${http}"></script>`, blocked],
    ['style sheet with its type', `<link rel=stylesheet type="text/css; charset=utf-8" href="${http}">`, blocked],
    ['dictionary', `<link rel=compression-dictionary href="${http}">`, blocked],
    ['drawing in a filter', `<svg><filter><feImage xlink:href="${http}"/></filter></svg>`, upgraded],
    ['frame in a drawing', `<svg><foreignObject><iframe src="${http}"></iframe></foreignObject></svg>`, blocked],
    ['image with a name', `<img crossorigin src="${http}">`, sized],
    ['film with a name', `<video crossorigin><source src="${http}"></video>`, sized],
    ['one image of a picture', `<picture><source srcset="/x"><img src="${http}"></picture>`, sized],
    ['image behind a picture', `<picture><img src="/x"></picture><img src="${http}">`, upgraded],
    ['row of a table', `<table><tbody><tr background="${http}"></table>`, upgraded],
    ['style, set of images', `<style>a { background: image-set("/x" 1x, "${http}" 2x) }</style>`, upgraded],
    ['style attribute, address with an at', `<p style="background:url(/x@2x.png), url(${http})">`, upgraded],
    [
      'form before the wish',
      `<script>a()</script><meta name=a>${wish}<form action="${http}"></form><script src="/x"></script>`,
      [],
    ],
    ['import behind a layer', `<style>@layer a; @import url(${http}) layer(a);</style>`, blocked],
    ['import of a module', `<script type=module>import a, { b } from "${http}"; b()</script>`, blocked],
    ['export of a module', `<script type=module>a();export * from '${http}'</script>`, blocked],
    ['worklet', `<script>CSS.paintWorklet.addModule("${http}")</script>`, blocked],
    ['pixel', `<script>(new Image()).src = "${http}"</script>`, upgraded],
    ['any type', `<script>fetch("/a", { accept: "*/*" }); fetch("${http}")</script>`, blocked],
    ['an address before', `<script>a = "//x.test"; b = /:\\/\\//; fetch("${http}")</script>`, blocked],
    ['document in an address', `<iframe src="data:text/html;charset=utf-8,%3Cscript src=${http}>%3C/script>"></iframe>`, blocked],
    ['the same as base64', `<iframe src="data:text/html;base64,${btoa(`<img src=${http}>`)}"></iframe>`, upgraded],
    ['frame with a base', `<iframe srcdoc="<base href=http://cdn.test/><script src=x></script>"></iframe>`, blocked],
    ['shadow of an element', `<p><template shadowrootmode=open><script src="${http}"></script></template>`, blocked],
    ['what stands before the wish', `<script src="${http}"></script>${wish}<img src="${http}">`, blocked],
    ['the wish of who runs no scripts', `<noscript>${wish}</noscript><script src="${http}"></script>`, blocked],
    ['the wish of a frame', `<iframe srcdoc='${wish}<img src=${http}>'></iframe><script src="${http}"></script>`, blocked],
    ['a base over http', `<base href="http://cdn.test/"><script src="x"></script>`, blocked],
  ])('%s', (_name, html, expected) => {
    const items = [...new Set(found(html))]
    expect(items).toEqual(expected)
  })
})

describe('what is none', () => {
  test.each([
    ['a link', `<a href="${http}">x</a><area href="${http}">`],
    ['https', '<script src="https://cdn.test/x"></script>'],
    ['no scheme', '<script src="//cdn.test/x"></script><img src="/x" srcset="x 2x">'],
    [
      'data and scripts',
      '<img src="data:image/png,http://x"><iframe src="javascript:x"></iframe><iframe src="about:blank"></iframe>',
    ],
    [
      'the own machine',
      '<img src="http://localhost:1/x"><img src="http://127.0.0.9/x"><img src="http://[::1]/x"><img src="http://a.localhost/x">',
    ],
    [
      'relations that load nothing',
      `<link rel=canonical href="${http}"><link rel=preconnect href="${http}"><link rel=dns-prefetch href="${http}"><link rel=alternate href="${http}"><link rel=next href="${http}">`,
    ],
    ['a template', `<template><script src="${http}"></script></template>`],
    [
      'what is for browsers without scripts',
      `<noscript><img src="${http}"></noscript><head><noscript><link rel=stylesheet href="${http}"></noscript></head>`,
    ],
    ['a comment', `<!-- <script src="${http}"></script> --><style>/* @import "${http}"; */</style>`],
    ['text', `<textarea><img src="${http}"></textarea><title><img src="${http}"></title><p>${http}</p>`],
    [
      'a script that is data',
      `<script type="text/template" src="${http}"></script><script type="application/ld+json">{"url":"${http}"}</script>`,
    ],
    ['a script for old browsers', `<script nomodule src="${http}"></script>`],
    ['an image that waits', `<img data-src="${http}">`],
    ['a namespace', `<svg xmlns="http://www.w3.org/2000/svg"></svg><style>@namespace url(http://www.w3.org/1999/xhtml);</style>`],
    [
      'an image written out',
      `<style>a{background:url("data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E")}</style>`,
    ],
    [
      'a type that is none',
      `<script type="text/javascript;charset=utf-8" src="${http}"></script><script language=vbscript src="${http}"></script>`,
    ],
    [
      'a style sheet of another kind',
      `<link rel=stylesheet type="text/less" href="${http}"><style type="text/less">@import "${http}";</style>`,
    ],
    ['a style sheet that is off', `<link rel=stylesheet disabled href="${http}">`],
    [
      'nothing to be loaded ahead',
      `<link rel=preload href="${http}"><link rel=preload as=document href="${http}"><link rel=prerender href="${http}">`,
    ],
    [
      'attributes of a drawing',
      `<script href="${http}"></script><img href="${http}"><svg><image src="${http}"/><script src="${http}"></script></svg>`,
    ],
    [
      'tags of HTML in a drawing',
      `<svg><iframe src="${http}"></iframe><video src="${http}"></video><form action="${http}"></form></svg>`,
    ],
    ['a source of nothing', `<source src="${http}"><source srcset="${http}"><track src="${http}">`],
    ['a source of another kind', `<picture><source src="${http}"></picture><video><source srcset="${http}"></video>`],
    ['a source of a film that has one', `<video src="/x"><source src="${http}"></video>`],
    ['an import that comes too late', `<style>a { color: red } @import url(${http});</style>`],
    ['an import where none can be', `<p style="@import url(${http})">`],
    ['an address in quotes', `<style>a::before { content: "url(${http})" }</style>`],
    ['a request that is commented out', `<script>\n a() // fetch("${http}")\n/* fetch("${http}") */</script>`],
    [
      'a request of a template',
      `<script type="text/template">fetch("${http}")</script><script nomodule>fetch("${http}")</script>`,
    ],
    ['a window that opens', `<script>popup.open("Title", "${http}")</script>`],
    ['words that only look like an import', `<script type=module>throw Error("moved from '${http}'")</script>`],
    ['the own machine by its whole name', '<script src="http://localhost./x"></script><img src="http://a.localhost.:8080/x">'],
    ['what an address cannot mean', '<base href="http://cdn.test/"><iframe src="data:text/html,<img src=x>"></iframe>'],
    ['a dialog', `<form method=dialog action="${http}"></form>`],
    ['a button that sends nothing', `<form><button type=button formaction="${http}"></form>`],
    [
      'a page that asks for https',
      `<meta http-equiv="Content-Security-Policy" content="default-src 'self'; Upgrade-Insecure-Requests"><script src="${http}"></script>`,
    ],
  ])('%s', (_name, html) => expect(found(html)).toEqual([]))

  test('a page that came over http', () =>
    expect(mixedContent(`<script src="${http}"></script>`, 'http://shop.test/')).toEqual([]))
})

describe('pages that ask for less', () => {
  test.each([
    ['blocking is no cure', '<meta http-equiv=content-security-policy content="block-all-mixed-content">'],
    ['a policy in the body is none', '<p><meta http-equiv=content-security-policy content="upgrade-insecure-requests">'],
    ['a word is no policy', '<meta http-equiv=content-security-policy content="report-uri /upgrade-insecure-requests">'],
  ])('%s', (_name, head) => expect(found(`${head}<script src="${http}"></script>`)).toEqual(blocked))
})

test('nobody has a certificate for an address', () =>
  expect(found('<img src="http://192.0.2.1/x"><img src="http://[2001:db8::1]/x">')).toEqual([
    'passive blocked http://192.0.2.1/x',
    'passive blocked http://[2001:db8::1]/x',
  ]))

test('images that a base makes insecure hide no script', () => {
  const images = Array.from({ length: 100 }, (_, n) => `<img src="${n}">`).join('')
  expect(found(`<base href="http://cdn.test/">${images}<script src="x"></script>`)[0]).toBe(blocked[0])
})

test('neither harmless references nor images hide a script', () => {
  const many = Array.from(
    { length: 200 },
    (_, n) => `<img src="https://cdn.test/${n}"><img src="/${n}"><img src="http://cdn.test/${n}">`,
  )
  const html = `${many.join('')}<script src="${http}"></script>`
  expect(found(html)[0]).toBe(blocked[0])
  const signals = readHtml(html, { onLink() {}, wantsReferences: true })
  expect(mixedItemsOf(signals, page, false)).toHaveLength(20)
  expect(mixedItemsOf(signals, page, false)[0]?.kind).toBe('active')
  expect(mixedItemsOf(signals, page, true)).toEqual([])
})

test.each([
  ['a 1x, b 2x', ['a', 'b']],
  ['a, b', ['a', 'b']],
  ['a,b', ['a,b']],
  ['a,b 1x,c', ['a,b', 'c']],
  [' , a 100w,, b ', ['a', 'b']],
  ['data:x,y 1x, b', ['data:x,y', 'b']],
  ['a (1x, 2x), b', ['a', 'b']],
  ['', []],
])('srcset %j', (srcset, urls) => expect(srcsetUrls(srcset)).toEqual(urls))

test.each([
  ['imports', '@import '],
  ['urls', 'url( '],
  ['white space', `@import url(http:${' '.repeat(50)}`],
  ['comments', '/*'],
  ['fonts', '@font-face { '],
  ['sets', 'image-set("'],
])('a style of many %s is read in time', (_name, piece) => {
  const started = performance.now()
  insecureInStyle(`http:${piece.repeat(100_000)}`)
  expect(performance.now() - started).toBeLessThan(2_000)
})

test.each([
  ['comments', '*/*'],
  ['imports', '\nimport '],
  ['white space', '; \t'],
  ['requests', 'fetch("http://a.test/x")'],
  ['pixels', 'new Image('],
])('a script of many %s is read in time', (_name, piece) => {
  const started = performance.now()
  insecureInScript(`http:${piece.repeat(100_000)}`, true)
  expect(performance.now() - started).toBeLessThan(2_000)
})
