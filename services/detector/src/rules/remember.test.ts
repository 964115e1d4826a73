import { describe, expect, test } from '@jest/globals'
import type { PageObservation, RobotsObservation } from '../crawler/observation.ts'
import { seen, siteContext } from './fixtures.ts'
import type { PageMemory } from './page-memory.ts'
import { rememberPage, rememberSite } from './remember.ts'
import { emptySiteMemory, type SiteMemory } from './site-memory.ts'
import { type Watch, watchKey } from './verdict.ts'

const now = new Date('2026-03-01T10:00:00Z')
const earlier = '2026-02-01T10:00:00.000Z'
const url = 'https://shop.example/a'
const well: PageMemory = {
  status: 200,
  lastOkAt: earlier,
  indexable: true,
  allowedByRobots: true,
  noindex: false,
  inlinks: 3,
  inSitemap: true,
  importance: 7,
}

function robotsSaying(text: string, availability: RobotsObservation['availability'] = 'read'): RobotsObservation {
  return {
    host: 'shop.example',
    url: 'https://shop.example/robots.txt',
    availability,
    status: 200,
    fault: null,
    detail: null,
    text,
  }
}
function page(more: Partial<PageObservation> = {}): PageObservation {
  return {
    url,
    requestedUrl: url,
    hops: [{ url, status: 200 }],
    finalUrl: url,
    status: 200,
    fault: null,
    detail: null,
    contentType: 'text/html',
    directives: [],
    canonicals: [],
    canonicalsIgnored: 0,
    alternates: [],
    mixed: [],
    title: null,
    h1: null,
    lang: null,
    words: null,
    textSketch: null,
    hashes: null,
    etag: null,
    lastModified: null,
    errorShell: null,
    running: null,
    spam: null,
    retryAfterSeconds: null,
    headerScore: null,
    depth: 1,
    inlinks: 4,
    inSitemap: false,
    template: url,
    bytes: 0,
    truncated: false,
    elapsedMs: 1,
    ...more,
  }
}
const noindex = { directives: [{ source: 'meta', agent: 'robots', value: 'noindex' }] } as const
const gone = { status: 404, hops: [{ url, status: 404 }] }
const silent = { status: null, hops: [], fault: 'timeout' } as const

describe('a page', () => {
  test.each<{
    when: string
    before: PageMemory | null
    seen: Partial<PageObservation>
    robots?: string
    kept: Partial<PageMemory>
  }>([
    {
      when: 'new and well',
      before: null,
      seen: {},
      kept: { lastOkAt: now.toISOString(), indexable: true, allowedByRobots: true, inlinks: 4 },
    },
    { when: 'new and noindex', before: null, seen: noindex, kept: { indexable: false, lastOkAt: now.toISOString() } },
    { when: 'new and forbidden', before: null, seen: {}, robots: 'User-agent: *\nDisallow: /', kept: { allowedByRobots: false } },
    { when: 'now noindex', before: well, seen: noindex, kept: { indexable: true } },
    {
      when: 'now forbidden',
      before: well,
      seen: {},
      robots: 'User-agent: googlebot\nDisallow: /a',
      kept: { allowedByRobots: true },
    },
    { when: 'now gone', before: well, seen: gone, kept: { status: 404, lastOkAt: earlier, indexable: true } },
    { when: 'silent', before: well, seen: silent, kept: { status: 200, lastOkAt: earlier, indexable: true } },
    { when: 'new and silent', before: null, seen: silent, kept: { status: null, lastOkAt: null, indexable: false } },
    { when: 'repaired', before: { ...well, indexable: false }, seen: {}, kept: { indexable: true } },
  ])('$when', ({ before, seen, robots = '', kept }) => {
    const context = { now, robots: robotsSaying(robots), importance: () => 5 }
    expect(rememberPage(before, page(seen), context)).toMatchObject({ ...kept, importance: 5 })
  })
})

describe('a site', () => {
  const allowAll = { '*': ['allow /'] }
  const forbidShop = { '*': ['disallow /shop'] }
  function remember(before: Partial<SiteMemory>, robots: RobotsObservation, watch?: Watch): SiteMemory {
    const rules = ['idx.robots_changed', 'idx.robots_unreachable']
    const watched = new Map(watch ? rules.map((rule) => [watchKey(rule, 'shop.example'), watch]) : [])
    return rememberSite({ ...emptySiteMemory, ...before }, seen({ robots }), siteContext({ now, watched }))
  }
  const forbidding = robotsSaying('User-agent: *\nDisallow: /shop')

  test('keeps the first rules it reads, and later ones only when the change is acknowledged', () => {
    expect(remember({}, forbidding).robotsRules).toEqual(forbidShop)
    expect(remember({ robotsRules: allowAll }, forbidding).robotsRules).toEqual(allowAll)
    expect(remember({ robotsRules: allowAll }, forbidding, 'open').robotsRules).toEqual(allowAll)
    expect(remember({ robotsRules: allowAll }, forbidding, 'acknowledged').robotsRules).toEqual(forbidShop)
    expect(remember({ robotsRules: allowAll }, robotsSaying('', 'unreachable'), 'acknowledged').robotsRules).toEqual(allowAll)
  })

  test.each<[RobotsObservation['availability'], string | null, string | null]>([
    ['unreachable', null, now.toISOString()],
    ['unreachable', earlier, earlier],
    ['unknown', earlier, earlier],
    ['read', earlier, null],
    ['missing', earlier, null],
  ])('whose robots.txt is %s, unreachable since %s → since %s', (availability, before, since) => {
    expect(remember({ robotsUnreachableSince: before }, robotsSaying('', availability), 'open').robotsUnreachableSince).toBe(
      since,
    )
  })

  test('whose robots.txt was well in between begins to count anew', () => {
    expect(remember({ robotsUnreachableSince: earlier }, robotsSaying('', 'unreachable')).robotsUnreachableSince).toBe(
      now.toISOString(),
    )
  })
})
