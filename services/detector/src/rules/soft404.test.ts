import { describe, expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from '../crawler/observation.ts'
import { groupTemplates } from '../group-templates.ts'
import { walkHtml } from '../judges/html-walk.ts'
import { saysNotFound } from '../judges/not-found-title.ts'
import { ErrorShellCollector } from '../judges/soft404.ts'
import { sketchOf } from '../judges/text-sketch.ts'
import { at, findingOf, home, lookContext, page, pageContext, probes, short, watching } from './fixtures.ts'
import { missingPageOf, notProbed, soft404 } from './soft404.ts'
import type { MissingPage } from './verdict.ts'

const missingText = 'We are sorry but the page that you are looking for is not here any more try the search or go home instead'
const otherText = 'Red shoes for the winter made of felt and leather in three sizes with laces and a warm lining for small feet'
const missing: MissingPage = { probed: true, sketch: sketchOf(missingText) }
const noindex = [{ source: 'meta' as const, agent: 'robots', value: 'noindex' }]
const usual: Partial<PageObservation> = { title: 'Red shoes', h1: 'Red shoes', words: 300, textSketch: sketchOf(otherText) }
const judge = (over: Partial<PageObservation>, context: Parameters<typeof pageContext>[0] = {}) =>
  soft404.judge(page({ ...usual, ...over }), null, pageContext({ missing, ...context }))

describe('a page that answers 200', () => {
  test.each<[string, Partial<PageObservation>, Parameters<typeof pageContext>[0], string]>([
    ['is a page', {}, {}, 'nothing'],
    ['says so in its title, and is short', { title: 'Page not found | Shop', words: 12 }, {}, 'bad medium'],
    ['says so in its title only', { title: 'Page not found | Shop' }, {}, 'nothing'],
    ['says so in title and heading, which is one sign', { title: '404', h1: 'Not found' }, {}, 'nothing'],
    ['says so in its heading, and is noindex', { h1: '404 Not Found', directives: noindex }, {}, 'bad medium'],
    ['bears the mark of an error template, and is short', { errorShell: 'body error404', words: 49 }, {}, 'bad medium'],
    ['reads like what does not exist, and is short', { textSketch: missing.sketch, words: 20 }, {}, 'bad medium'],
    ['reads like what does not exist, and is not', { textSketch: missing.sketch }, {}, 'nothing'],
    ['is short and noindex, which is weak', { words: 5, directives: noindex }, {}, 'nothing'],
    ['is about errors', { title: 'How to fix 404 page not found errors', words: 20 }, {}, 'nothing'],
    ['is a search without results', { url: at('/search?q=x'), title: 'Nothing found', words: 3 }, {}, 'nothing'],
    ['answers 404', { status: 404, title: 'Page not found', words: 12 }, {}, 'nothing'],
    ['was one, and is waited for', {}, { watched: watching('soft404', at('/a')) }, 'ok'],
    [
      'is short, and nobody knows what does not exist',
      { words: 9 },
      { missing: notProbed, watched: watching('soft404', at('/a')) },
      'unknown',
    ],
    ['cannot be seen', { status: 403, fault: 'challenge' }, { watched: watching('soft404', at('/a')) }, 'unknown'],
  ])('%s', (_name, over, context, expected) => expect(short(judge(over, context))).toBe(expected))

  test('is told by its template, however few there are', () => {
    const one = page({ ...usual, title: '404', words: 3 })
    const verdict = soft404.judge(one, null, pageContext({ missing }))
    if (!verdict) throw new Error('It is one.')
    const verdicts = groupTemplates({
      rule: 'soft404',
      verdicts: [{ page: one, verdict }],
      pages: new Map([[one.url, one]]),
      watched: new Map(),
      baseline: false,
    })
    expect(verdicts.map((each) => [each.subject, short(each)])).toEqual([[one.template, 'bad medium']])
  })
})

describe('what does not exist', () => {
  const config = defaultConfigs.soft404
  const probe = (over: Partial<PageObservation>) => page({ url: at('/tocsin-0'), textSketch: missing.sketch, ...over })
  test.each<[string, PageObservation, MissingPage]>([
    ['answers 404', probe({ status: 404 }), missing],
    ['answers 200', probe({}), missing],
    [
      'leads to the home page',
      probe({ hops: [{ url: at('/x'), status: 302 }], textSketch: null }),
      { probed: true, sketch: null },
    ],
    ['does not answer', probe({ status: null, fault: 'timeout' }), notProbed],
    ['is behind a wall', probe({ status: 403, fault: 'challenge' }), notProbed],
    ['is broken', probe({ status: 500 }), notProbed],
  ])('%s', (_name, seen, expected) => expect(missingPageOf(seen, page({ ...usual, url: home }), config)).toEqual(expected))

  test('tells nothing where every address answers with the same shell', () =>
    expect(missingPageOf(probe({}), page({ url: home, textSketch: missing.sketch }), config)).toEqual({
      probed: true,
      sketch: null,
    }))
})

describe('looking again', () => {
  const finding = findingOf(judge({ textSketch: missing.sketch, words: 20 }))
  const away = page({ url: at('/tocsin-0'), status: 404, textSketch: missing.sketch })
  test.each<[string, Partial<PageObservation>, PageObservation, string]>([
    ['it is still one', { textSketch: missing.sketch, words: 20 }, away, 'bad medium'],
    ['it has come back', {}, away, 'ok'],
    ['it answers 404 now', { status: 404 }, away, 'ok'],
    ['the address that does not exist does not answer', { words: 20 }, { ...away, status: null, fault: 'timeout' }, 'unknown'],
  ])('%s', async (_name, over, missingNow, expected) => {
    const pages = [page({ ...usual, ...over }), page({ ...usual, url: home })]
    expect(short(await soft404.lookAgain(finding, probes({ pages, missing: missingNow }), lookContext()))).toBe(expected)
  })
})

test.each<[string | null, boolean]>([
  ['404', true],
  ['404 - Not Found', true],
  ['Error 404', true],
  ['Page Not Found - Acme', true],
  ['Acme | 404 Page not found', true],
  ["This page can't be found", true],
  ['Seite nicht gefunden – Laden', true],
  ['Page introuvable', true],
  ['Página no encontrada', true],
  ['ページが見つかりません', true],
  ['This product no longer exists', true],
  ['Peugeot 404', false],
  ['404 Bikes, Berlin', false],
  ['Lost and found', false],
  ['The best custom 404 page not found examples', false],
  ['Room 404 is not a place', false],
  [null, false],
])('the title %p says that there is nothing: %p', (title, expected) => expect(saysNotFound(title)).toBe(expected))

test.each<[string, string, string | null]>([
  ['WordPress', '<body class="error404 wp-theme">', 'body error404'],
  ['a part made for errors', '<div class="wrap error-404">', 'div error-404'],
  ['Magento', '<body class="cms-no-route cms-noroute-index page-layout-1column">', 'body cms-no-route'],
  ['PrestaShop', '<body id="pagenotfound" class="lang-de">', 'body pagenotfound'],
  ['OpenCart', '<div id="error-not-found" class="container">', 'div error-not-found'],
  ['a hidden part', '<div class="error-404" hidden>', null],
  ['Next.js', '<script>{"props":{},"page":"/404","query":{}}</script>', '"page":"/404"'],
  ['a prerenderer', '<meta name="prerender-status-code" content="404">', 'meta prerender-status-code'],
  ['a state that mentions a status', '<script>{"api":{"statusCode":404}}</script>', null],
  ['a page', '<body class="page-id-404"><h1 class="title">Hi</h1>', null],
])('the mark of %s', (_name, html, expected) => {
  const walk = walkHtml({ shell: new ErrorShellCollector() })
  walk.write(html)
  expect(walk.end().shell).toBe(expected)
})
