import { describe, expect, test } from '@jest/globals'
import { readHtml } from './html-signals.ts'
import { mixedContent, mixedItemsOf } from './mixed-content.ts'
import { insecureInStyle } from './page-references.ts'
import { srcsetUrls } from './srcset.ts'

const page = 'https://shop.test/a/b'
const http = 'http://cdn.test/x'
const found = (html: string) => mixedContent(html, page).map((each) => `${each.kind} ${each.handling} ${each.url}`)
const one = (kind: string, handling: string) => [`${kind} ${handling} ${http}`]

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
    ['worker', `<script>new Worker("${http}")</script>`, blocked],
    ['frame of written HTML', `<iframe srcdoc="<script src='${http}'></script>" src="http://other.test"></iframe>`, blocked],
    ['frame in such a frame', `<iframe srcdoc="<iframe srcdoc='<img src=${http}>'></iframe>"></iframe>`, upgraded],
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
])('a style of many %s is read in time', (_name, piece) => {
  const started = performance.now()
  insecureInStyle(`http:${piece.repeat(100_000)}`)
  expect(performance.now() - started).toBeLessThan(2_000)
})
