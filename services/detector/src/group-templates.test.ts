import { describe, expect, test } from '@jest/globals'
import type { Severity } from '@tocsin/contract/rule'
import type { RuleId } from '@tocsin/contract/rules/catalog'
import type { PageObservation } from './crawler/observation.ts'
import { groupTemplates, type PageVerdict, watchingPages } from './group-templates.ts'
import { type Level, type Verdict, type Watch, watchKey } from './rules/verdict.ts'

const template = 'https://shop.example/products/{slug}'

function observed(count: number, status: number | null = 200): Map<string, PageObservation> {
  return new Map(
    Array.from({ length: count }, (_, n) => {
      const url = `https://shop.example/products/${n}`
      return [url, page(url, status)]
    }),
  )
}
function page(url: string, status: number | null): PageObservation {
  return {
    url,
    requestedUrl: url,
    hops: [],
    finalUrl: url,
    status,
    fault: status === null ? 'rate_limited' : null,
    detail: null,
    contentType: 'text/html',
    directives: [],
    canonicals: [],
    canonicalsIgnored: 0,
    alternates: [],
    mixed: [],
    title: null,
    errorShell: null,
    running: null,
    spam: null,
    h1: null,
    lang: null,
    words: null,
    textSketch: null,
    hashes: null,
    etag: null,
    lastModified: null,
    retryAfterSeconds: null,
    headerScore: null,
    depth: 1,
    inlinks: 1,
    inSitemap: false,
    template,
    bytes: 0,
    truncated: false,
    elapsedMs: 0,
  }
}
const verdictOn = (each: PageObservation, level: Level, severity: Severity = 'medium', subject = each.url): PageVerdict => ({
  page: each,
  verdict: {
    rule: 'idx.noindex',
    subject,
    level,
    severity,
    title: 'Page is noindex',
    description: 'It says noindex.',
    evidence: { directive: 'noindex' },
    look: { kind: 'page', urls: [each.url] },
  },
})
function group(
  pages: Map<string, PageObservation>,
  bad: number,
  more: { watched?: [string, Watch][]; rule?: RuleId; baseline?: boolean; severity?: Severity } = {},
): Verdict[] {
  const rule = more.rule ?? 'idx.noindex'
  const verdicts = [...pages.values()].slice(0, bad).map((each) => verdictOn(each, 'bad', more.severity))
  const watched = new Map((more.watched ?? []).map(([subject, watch]) => [watchKey(rule, subject), watch]))
  return groupTemplates({ rule, verdicts, pages, watched, baseline: more.baseline ?? false })
}
const first = 'https://shop.example/products/0'

describe('one rule on many pages of a template', () => {
  test.each([
    { pages: 10, bad: 4, templates: 0, single: 4 },
    { pages: 10, bad: 5, templates: 1, single: 0 },
    { pages: 400, bad: 7, templates: 0, single: 7 },
    { pages: 400, bad: 8, templates: 1, single: 0 },
  ])('$bad of $pages: $templates template, $single pages', ({ pages, bad, templates, single }) => {
    const verdicts = group(observed(pages), bad)
    expect(verdicts.filter((each) => each.subject === template)).toHaveLength(templates)
    expect(verdicts.filter((each) => each.subject !== template)).toHaveLength(single)
  })

  test('names the pages and looks at two of them again', () => {
    expect(group(observed(10), 6)).toMatchObject([
      {
        level: 'bad',
        severity: 'critical',
        title: expect.stringContaining('(6 pages)'),
        evidence: {
          template,
          pagesBad: 6,
          pagesSeen: 10,
          pages: expect.arrayContaining([first]),
          example: { directive: 'noindex' },
        },
        look: { kind: 'page', urls: [first, 'https://shop.example/products/1'] },
      },
    ])
  })

  test('is as severe as its worst page, and no worse for having been so on day one', () => {
    expect(group(observed(10), 6, { rule: 'http.404_new', severity: 'low' })).toMatchObject([{ severity: 'low' }])
    expect(group(observed(10), 6, { baseline: true, severity: 'high' })).toMatchObject([{ severity: 'high' }])
  })

  test('leaves a page its own answer if somebody waits for it', () => {
    const verdicts = group(observed(10), 6, { watched: [[first, 'open']] })
    expect(verdicts.map((each) => each.subject)).toEqual([first, template])
  })

  test('leaves alone what is about something else than the page', () => {
    const pages = observed(10)
    const verdicts = [...pages.values()].map((each) => verdictOn(each, 'bad', 'high', 'https://cdn.example/x.js'))
    const grouped = groupTemplates({ rule: 'idx.noindex', verdicts, pages, watched: new Map(), baseline: false })
    expect(grouped.map((each) => each.subject)).toEqual(verdicts.map(() => 'https://cdn.example/x.js'))
  })
})

describe('a template that somebody waits for', () => {
  const watched: [string, Watch][] = [[template, 'open']]
  test.each([
    { when: 'one page is bad', pages: observed(10), bad: 1, level: 'bad' },
    { when: 'all pages are well', pages: observed(10), bad: 0, level: 'ok' },
    { when: 'its pages cannot be measured', pages: observed(10, null), bad: 0, level: 'unknown' },
  ])('$when → $level', ({ pages, bad, level }) => {
    expect(group(pages, bad, { watched })).toMatchObject([{ subject: template, level }])
  })

  test('gets no answer from a scan that saw none of its pages', () => {
    expect(group(new Map(), 0, { watched })).toEqual([])
  })
})

test('who waits for a template waits for its pages', () => {
  const pages = observed(2)
  const watched = new Map<string, Watch>([
    [watchKey('http.5xx', template), 'open'],
    [watchKey('http.5xx', first), 'acknowledged'],
  ])
  expect([...watchingPages(watched, pages)]).toEqual([
    [watchKey('http.5xx', template), 'open'],
    [watchKey('http.5xx', first), 'acknowledged'],
    [watchKey('http.5xx', 'https://shop.example/products/1'), 'open'],
  ])
})
