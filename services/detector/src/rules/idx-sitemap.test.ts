import { describe, expect, test } from '@jest/globals'
import type { CrawlSummary, PageObservation, SitemapObservation } from '../crawler/observation.ts'
import { at, findingOf, lookContext, page, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { idxSitemap } from './idx-sitemap.ts'

const url = at('/sitemap.xml')
const sitemap = (over: Partial<SitemapObservation> = {}): SitemapObservation => ({
  url,
  finalUrl: url,
  named: 'robots',
  status: 200,
  fault: null,
  problem: null,
  entries: 10,
  bytes: 1_000,
  blocked: { count: 0, examples: [] },
  ...over,
})
const listed = (over: Partial<PageObservation> = {}) => page({ inSitemap: true, ...over })
const judge = (
  sitemaps: SitemapObservation[],
  pages: PageObservation[] = [],
  context: Parameters<typeof siteContext>[0] = {},
  over: Partial<CrawlSummary> = {},
) =>
  idxSitemap.judge(
    seen({ sitemaps, sitemapOf: new Map(pages.map((each) => [each.url, 0])), ...over }, [], pages),
    siteContext(context),
  )
const lines = (...input: Parameters<typeof judge>) =>
  judge(...input).map((each) => `${each.subject.slice(each.subject.lastIndexOf(':') + 1)} ${short(each)}`)
const watched = (reason: string) => ({ watched: watching('idx.sitemap', `${url}:${reason}`) })
const noindex = [{ source: 'meta' as const, agent: 'robots', value: 'noindex' }]
const moved = { hops: [{ url: at('/a'), status: 301 }], finalUrl: at('/b') }

describe('a sitemap', () => {
  test.each<[string, Partial<SitemapObservation>, string[]]>([
    ['is well', {}, []],
    ['is not there', { status: 404 }, ['status bad high']],
    ['is broken', { status: 500 }, ['status bad high']],
    ['is not there, and nobody has named it', { status: 404, named: 'guess' }, []],
    ['is a page, and nobody has named it', { problem: 'unparseable', entries: 0, named: 'guess' }, []],
    ['breaks off, and nobody has named it', { problem: 'unparseable', named: 'guess' }, ['unparseable bad high']],
    ['is no XML', { problem: 'unparseable' }, ['unparseable bad high']],
    ['lists 50,000', { entries: 50_000 }, []],
    ['lists 50,001', { entries: 50_001 }, ['too_many bad high']],
    ['has 50 MB', { bytes: 50 * 1024 * 1024 }, []],
    ['has more', { bytes: 50 * 1024 * 1024 + 1 }, ['too_large bad high']],
    ['is too large when unpacked', { problem: 'too_large' }, ['too_large bad high']],
    ['is behind a wall', { status: 403, fault: 'challenge' }, []],
    ['is asked for too often', { status: 429, fault: 'rate_limited' }, []],
    ['does not answer', { status: null, fault: 'timeout' }, []],
    ['lists what robots.txt forbids', { blocked: { count: 2, examples: [at('/x')] } }, ['blocked bad medium']],
  ])('%s', (_name, over, expected) => expect(lines([sitemap(over)])).toEqual(expected))
})

describe('a page that it lists', () => {
  test.each<[string, Partial<PageObservation>, string[]]>([
    ['is well', {}, []],
    ['is gone', { status: 404 }, ['gone bad medium']],
    ['redirects', moved, ['redirects bad medium']],
    ['says noindex', { directives: noindex }, ['noindex bad medium']],
    ['is broken, which http.5xx tells', { status: 500 }, []],
    ['is behind a wall', { status: 403, fault: 'challenge' }, []],
  ])('%s', (_name, over, expected) => expect(lines([sitemap()], [listed(over)])).toEqual(expected))

  test('is told for its own sitemap, with how many there are', () =>
    expect(judge([sitemap()], [listed({ status: 404 }), listed({ url: at('/c'), status: 410 })])).toMatchObject([
      {
        subject: `${url}:gone`,
        description: `${url} lists pages that no longer exist: 2, for example ${at('/a')}.`,
        look: { kind: 'target', urls: [url, at('/a'), at('/c')] },
      },
    ]))
})

test.each<[string, string, SitemapObservation[], PageObservation[], Partial<CrawlSummary>, string[]]>([
  ['answers again', 'status', [sitemap()], [], {}, ['status ok']],
  ['cannot be seen', 'status', [sitemap({ status: null, fault: 'dns' })], [], {}, ['status unknown']],
  ['is no longer named', 'status', [], [], {}, ['status ok']],
  ['was not asked for', 'status', [], [], { complete: false }, []],
  ['is clean', 'gone', [sitemap()], [listed()], {}, ['gone ok']],
  ['may be clean: not all pages were seen', 'gone', [sitemap()], [listed()], { stopped: 'budget' }, []],
])('what somebody waits for %s', (_name, reason, sitemaps, pages, over, expected) =>
  expect(lines(sitemaps, pages, watched(reason), over)).toEqual(expected),
)

describe('looking again', () => {
  const away = findingOf(judge([sitemap({ status: 404 })])[0])
  const gone = findingOf(judge([sitemap()], [listed({ status: 404 })])[0])
  const forbidden = findingOf(judge([sitemap({ blocked: { count: 1, examples: [at('/a')] } })])[0])
  const { named: _named, blocked: _blocked, ...well } = sitemap()
  const lists = (...paths: string[]) => ({ seen: well, urls: new Set(paths.map(at)) })
  test.each<[string, typeof away, Parameters<typeof probes>[0], string]>([
    ['it is still not there', away, { sitemap: { seen: { ...well, status: 404 }, urls: new Set() } }, 'bad high'],
    ['it is there', away, { sitemap: lists() }, 'ok'],
    ['it does not answer', away, { sitemap: { seen: { ...well, status: null, fault: 'timeout' }, urls: new Set() } }, 'unknown'],
    ['the page is still gone', gone, { sitemap: lists('/a'), pages: [page({ status: 404 })] }, 'bad medium'],
    ['the page is back', gone, { sitemap: lists('/a'), pages: [page()] }, 'ok'],
    ['the page is no longer listed', gone, { sitemap: lists() }, 'ok'],
    ['the page cannot be seen', gone, { sitemap: lists('/a'), pages: [page({ status: null, fault: 'dns' })] }, 'unknown'],
    ['the sitemap is broken now', gone, { sitemap: { seen: { ...well, status: 500 }, urls: new Set() } }, 'unknown'],
    ['it is still forbidden', forbidden, { sitemap: lists('/a'), robots: robots('User-agent: *\nDisallow: /a') }, 'bad medium'],
    ['it is allowed', forbidden, { sitemap: lists('/a'), robots: robots('') }, 'ok'],
    [
      'robots.txt cannot be read',
      forbidden,
      { sitemap: lists('/a'), robots: robots('', { availability: 'unreachable' }) },
      'unknown',
    ],
  ])('%s', async (_name, finding, world, expected) =>
    expect(short(await idxSitemap.lookAgain(finding, probes(world), lookContext()))).toBe(expected),
  )
})
