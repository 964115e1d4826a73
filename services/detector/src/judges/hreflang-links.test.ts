import { expect, test } from '@jest/globals'
import { hreflangLinks } from './hreflang-links.ts'

const page = 'https://shop.test/en/a'
const version = (code: string, href: string, rel = 'alternate') => `<link rel="${rel}" hreflang="${code}" href="${href}">`

test.each([
  ['absolute', version('de', 'https://shop.test/de/a'), {}, ['de https://shop.test/de/a']],
  ['relative, with base', `<base href="/x/">${version('de', 'a')}`, {}, ['de https://shop.test/x/a']],
  ['any case and space', version(' EN-gb ', ' /uk ', 'Alternate stylesheet'), {}, ['EN-gb https://shop.test/uk']],
  ['in the body', `<p>${version('de', '/de')}`, {}, []],
  ['in a template or comment', `<template>${version('de', '/de')}</template><!-- ${version('fr', '/fr')} -->`, {}, []],
  ['without address or language', '<link rel=alternate hreflang=de><link rel=alternate href="/feed">', {}, []],
  ['no address of the web', version('de', 'mailto:a@b.c'), {}, ['de null']],
  [
    'in the header',
    '',
    { Link: '</de>; rel="alternate"; hreflang="de", </x>; rel=alternate; hreflang=x-default' },
    ['de https://shop.test/de', 'x-default https://shop.test/x'],
  ],
])('%s', (_name, html, headers, expected) =>
  expect(hreflangLinks(headers, html, page).map(({ code, url }) => `${code} ${url}`)).toEqual(expected),
)

test('a header names as many versions as a page', () => {
  const header = Array.from({ length: 80 }, (_, n) => `</${n}>; rel="alternate"; hreflang="de"`)
  expect(hreflangLinks({ link: header }, '', page)).toHaveLength(80)
})
