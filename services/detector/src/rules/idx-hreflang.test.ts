import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { isHreflangCode } from '../judges/hreflang-code.ts'
import { alternatesMax, alternatesOf, HreflangCollector } from '../judges/hreflang-collector.ts'
import { walkHtml } from '../judges/html-walk.ts'
import { at, findingOf, lookContext, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { idxHreflang } from './idx-hreflang.ts'

const versions = (paths: Record<string, string>) => Object.entries(paths).map(([code, path]) => ({ code, url: at(path) }))
const both = versions({ en: '/en/a', de: '/de/a' })
const version = (path: string, over: Partial<PageObservation> = {}) =>
  page({ url: at(path), requestedUrl: at(path), finalUrl: at(path), template: at(path), alternates: both, ...over })
const noindex = [{ source: 'header' as const, agent: 'robots', value: 'noindex' }]
const judge = (pages: PageObservation[], context: Parameters<typeof siteContext>[0] = {}, complete = true) =>
  idxHreflang.judge(seen({ complete }, [], pages), siteContext(context))
const lines = (...input: Parameters<typeof judge>) => judge(...input).map((each) => `${each.subject} ${short(each)}`)
const faults = (pages: PageObservation[]) =>
  judge(pages).flatMap(({ evidence }) => (evidence['faults'] as { fault: string }[]).map(({ fault }) => fault))

describe('versions of a page', () => {
  test.each<[string, PageObservation[], string[]]>([
    ['name each other', [version('/en/a'), version('/de/a')], []],
    [
      'are not all of the site',
      [version('/en/a', { alternates: [...both, { code: 'fr', url: 'https://shop.fr/' }] }), version('/de/a')],
      [],
    ],
    ['do not link back', [version('/en/a'), version('/de/a', { alternates: [] })], ['no_return']],
    ['name all but themselves', [version('/en/a', { alternates: versions({ de: '/de/a' }) }), version('/de/a')], ['no_self']],
    ['are gone', [version('/en/a'), version('/de/a', { status: 404, alternates: [] })], ['target_status']],
    [
      'redirect',
      [version('/en/a'), version('/de/a', { hops: [{ url: at('/de/a'), status: 301 }], finalUrl: at('/x'), alternates: [] })],
      ['target_status'],
    ],
    [
      'have a default that leads everybody to their own language',
      [
        version('/en/a', { alternates: [...both, { code: 'x-default', url: at('/a') }] }),
        version('/de/a'),
        version('/a', { hops: [{ url: at('/a'), status: 302 }], finalUrl: at('/en/a') }),
      ],
      [],
    ],
    [
      'have a default that is gone',
      [
        version('/en/a', { alternates: [...both, { code: 'X-Default', url: at('/a') }] }),
        version('/de/a'),
        version('/a', { status: 404, alternates: [] }),
      ],
      ['target_status'],
    ],
    [
      'are more than are kept',
      [
        version('/en/a'),
        version('/de/a', {
          alternates: Array.from({ length: alternatesMax }, (_, n) => ({ code: 'fr', url: `https://x.test/${n}` })),
        }),
      ],
      [],
    ],
    ['are noindex', [version('/en/a'), version('/de/a', { directives: noindex })], ['target_noindex']],
    [
      'use a code nobody knows',
      [version('/en/a', { alternates: [...both, { code: 'en-UK', url: at('/en/a') }] }), version('/de/a')],
      ['bad_code'],
    ],
    ['cannot be seen', [version('/en/a'), version('/de/a', { status: 403, fault: 'challenge', alternates: [] })], []],
    ['were cut off', [version('/en/a'), version('/de/a', { alternates: [], truncated: true })], []],
    [
      'are said by a duplicate, whom nobody heeds',
      [version('/en/a?a', { canonicals: [{ source: 'html', href: '', url: at('/en/a') }] }), version('/en/a'), version('/de/a')],
      [],
    ],
  ])('%s', (_name, pages, expected) => expect(faults(pages)).toEqual(expected))

  test('are one finding, under the name of the first', () =>
    expect(lines([version('/en/a', { alternates: [] }), version('/de/a')])).toEqual([`${at('/de/a')} bad medium`]))

  test('keep the name under which somebody waits for them', () =>
    expect(
      lines([version('/en/a'), version('/de/a', { alternates: versions({ de: '/de/a' }) })], {
        watched: watching('idx.hreflang', at('/en/a')),
      }),
    ).toEqual([`${at('/en/a')} bad medium`]))

  test.each<[string, PageObservation[], boolean, string]>([
    ['are valid again', [version('/en/a'), version('/de/a')], true, 'ok'],
    ['name each other no longer', [version('/en/a', { alternates: [] }), version('/de/a', { alternates: [] })], true, 'ok'],
    ['were not all seen', [version('/en/a', { alternates: [] })], false, 'unknown'],
    ['do not all answer', [version('/en/a'), version('/de/a', { status: 403, fault: 'challenge' })], true, 'unknown'],
  ])('that somebody waits for %s', (_name, pages, complete, expected) =>
    expect(lines(pages, { watched: watching('idx.hreflang', at('/de/a')) }, complete)).toEqual([`${at('/de/a')} ${expected}`]),
  )

  test('of many pages are one finding of their template', () => {
    const group = (n: number): PageObservation[] => {
      const alternates = versions({ de: `/de/p/${n}`, en: `/en/p/${n}` })
      return [version(`/de/p/${n}`, { alternates }), version(`/en/p/${n}`, { alternates: [] })]
    }
    const pages = Array.from({ length: 6 }, (_, n) => group(n)).flat()
    expect(lines(pages)).toEqual([`${decodeURI(at('/de/p/{n}'))} bad medium`])
  })
})

describe('looking again', () => {
  const finding = findingOf(judge([version('/en/a'), version('/de/a', { alternates: [] })])[0])
  test.each<[string, PageObservation[], string]>([
    ['is as it was', [version('/en/a'), version('/de/a', { alternates: [] })], 'bad medium'],
    ['is repaired', [version('/en/a'), version('/de/a')], 'ok'],
    ['cannot be seen', [version('/en/a'), version('/de/a', { status: null, fault: 'dns', alternates: [] })], 'unknown'],
  ])('%s', async (_name, pages, expected) =>
    expect(short(await idxHreflang.lookAgain(finding, probes({ pages }), lookContext()))).toBe(expected),
  )
})

test.each([
  ...[
    'x-default',
    'X-Default',
    'de',
    'en-GB',
    'en-gb',
    'zh-Hant',
    'zh-Hans-US',
    'es-419',
    'fil',
    'fil-PH',
    'sr-Latn-RS',
    'iw',
    'be',
  ].map((code) => [code, true] as const),
  ...[
    'en-UK',
    'en_US',
    'us',
    'eng',
    'en-EU',
    'jp',
    'gb',
    '',
    'de-DEU',
    'x',
    'en-US-x',
    'zh-Xxxx',
    'cz',
    'dk-DK',
    'en-',
    'mul',
    'zxx',
  ].map((code) => [code, false] as const),
])('the code %p: %p', (code, expected) => expect(isHreflangCode(code)).toBe(expected))

test('versions are read from the head and the Link header', () => {
  const walk = walkHtml({ found: new HreflangCollector() })
  walk.write(
    '<head><link rel="alternate" hreflang="de" href="/de/a"><link rel="alternate" type="application/rss+xml" href="/feed">',
  )
  walk.write('</head><body><link rel="alternate" hreflang="fr" href="/fr">')
  const header = '<https://shop.test/en/a>; rel="alternate"; hreflang="en", </pdf>; rel="alternate"; type="application/pdf"'
  expect(alternatesOf({ link: header }, walk.end().found, at('/de/a'), null)).toEqual(versions({ de: '/de/a', en: '/en/a' }))
})
