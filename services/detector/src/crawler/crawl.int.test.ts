import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import type { Resolve } from '@tocsin/outbound/guarded-lookup'
import { type Answer, crawlSite, links, type Pages, serve, stopLoopback } from './loopback-site.ts'

afterEach(stopLoopback)

describe('a site', () => {
  test('is walked once, with what its pages say', async () => {
    const site = await serve({
      '/': `<html><head><title>Home</title><link rel="canonical" href="/"><meta name="robots" content="index"></head><body><a href="/a?utm_source=x#top">a</a><a href="a">a</a><a href="https://other.test/">o</a><a href="mailto:a@b.c">m</a>`,
      '/a': {
        headers: { 'x-robots-tag': 'noindex', link: '</a>; rel="canonical"', 'set-cookie': 'a=secret' },
        body: links('/', '/gone', '/b', '/b'),
      },
      '/b': links('/a', '/gone'),
    })
    const { summary, pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/a', '/b', '/gone'])
    expect(pages.get('/')).toMatchObject({
      status: 200,
      title: 'Home',
      depth: 0,
      canonicals: [{ url: `${site.origin}/` }],
      headerScore: { score: expect.any(Number) },
    })
    expect(pages.get('/a')).toMatchObject({
      depth: 1,
      directives: [{ source: 'header', value: 'noindex' }],
      canonicals: [{ source: 'header', url: `${site.origin}/a` }],
    })
    expect(JSON.stringify([...pages.values()])).not.toContain('secret')
    expect(summary).toMatchObject({
      pages: 4,
      complete: true,
      stopped: 'done',
      unknownPages: 0,
      homeUrl: `${site.origin}/`,
      robots: { availability: 'missing' },
    })
    expect(summary.linkTargets).toEqual([
      {
        url: `${site.origin}/gone`,
        status: 404,
        sources: [`${site.origin}/a`, `${site.origin}/b`],
        inlinks: 2,
        inSitemap: false,
      },
    ])
    expect(summary.inlinks.get(`${site.origin}/a`)).toBe(2)
    expect(new Set(site.requests.map((each) => each.agent))).toEqual(new Set(['TocsinBot/1.0 (+https://tocsin.example/bot)']))
    expect(site.requests.filter((each) => each.path === '/a')).toHaveLength(1)
  })

  test('is known by its sitemaps too', async () => {
    const origin = { value: '' }
    const urlset = (...paths: string[]) =>
      `<urlset>${paths.map((path) => `<url><loc>${origin.value}${path}</loc></url>`).join('')}</urlset>`
    const site = await serve((path) => {
      const pages: Record<string, Answer> = {
        '/robots.txt': { headers: { 'content-type': 'text/plain' }, body: `Sitemap: ${origin.value}/index.xml` },
        '/index.xml': `<sitemapindex><sitemap><loc>${origin.value}/s.xml.gz</loc></sitemap><sitemap><loc>${origin.value}/index.xml</loc></sitemap></sitemapindex>`,
        '/s.xml.gz': { headers: { 'content-type': 'application/gzip' }, body: gzipSync(urlset('/listed', '/lost')) },
        '/sitemap.xml': urlset('/also', 'https://other.test/'),
        '/': links('/linked'),
        '/linked': 'x',
        '/listed': 'x',
        '/also': 'x',
      }
      return pages[path]
    })
    origin.value = site.origin
    const { summary, pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/also', '/linked', '/listed', '/lost'])
    expect(pages.get('/listed')).toMatchObject({ inSitemap: true, inlinks: 0 })
    expect(pages.get('/lost')).toMatchObject({ inSitemap: true, status: 404 })
    expect(summary.inSitemap).toEqual(new Set(['/listed', '/lost', '/also'].map((path) => site.origin + path)))
    expect(summary.linkTargets).toEqual([])
  })

  test('robots.txt is obeyed for our own token', async () => {
    const site = await serve({
      '/robots.txt': { body: 'User-agent: *\nDisallow: /\n\nUser-agent: tocsinbot\nDisallow: /private\n' },
      '/': links('/private/x', '/open', '/jump'),
      '/open': 'x',
      '/jump': { status: 302, headers: { location: '/private/y' } },
    })
    const { pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/jump', '/open'])
    expect(pages.get('/jump')).toMatchObject({ fault: 'robots_disallowed' })
    expect(site.requests.some((each) => each.path.startsWith('/private'))).toBe(false)
  })

  test.each([
    ['forbids us', { body: 'User-agent: *\nDisallow: /' }, 'read', 'robots_disallowed', 0],
    ['is broken: only the start is looked at', { status: 500 }, 'unreachable', null, 1],
    ['asks too much: only the start is looked at', { status: 429 }, 'unreachable', null, 1],
  ])('a robots.txt that %s', async (_name, robots, availability, startFault, count) => {
    const site = await serve({ '/robots.txt': robots, '/': links('/a'), '/a': 'x' })
    const { summary, pages } = await crawlSite(site.origin)
    expect(summary).toMatchObject({ complete: false, startFault, robots: { availability } })
    expect(pages.size).toBe(count)
  })

  test('a start that leads to another host moves the site there', async () => {
    const target = await serve({
      '/robots.txt': { body: 'User-agent: *\nDisallow: /no' },
      '/home': links('/a', '/no'),
      '/a': 'x',
    })
    const start = await serve({ '/': { status: 301, headers: { location: `${target.origin}/home` } } })
    const { summary, pages } = await crawlSite(start.origin)
    expect(summary).toMatchObject({
      homeUrl: `${target.origin}/home`,
      robots: { host: new URL(target.origin).host, availability: 'read' },
      complete: true,
    })
    expect([...pages.keys()].sort()).toEqual(['/', '/a', '/home'])
    expect(pages.get('/')).toMatchObject({ hops: [{ status: 301 }], finalUrl: `${target.origin}/home`, status: 200 })
  })
})

describe('redirects', () => {
  test('give the first address its hops and the last its facts, once', async () => {
    const site = await serve({
      '/': links('/old', '/older', '/loop', '/far', '/far2', '/nowhere'),
      '/far12': '<title>Far away</title>',
      '/old': { status: 301, headers: { location: '/new' } },
      '/older': { status: 302, headers: { location: '/old' } },
      '/new': '<title>New</title>',
      '/loop': { status: 302, headers: { location: '/pool' } },
      '/pool': { status: 302, headers: { location: '/loop' } },
      '/nowhere': { status: 302 },
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, i) => [
          i === 0 ? '/far' : `/far${i}`,
          { status: 302, headers: { location: `/far${i + 1}` } },
        ]),
      ),
    })
    const { pages } = await crawlSite(site.origin)
    expect(pages.get('/old')).toMatchObject({
      status: 200,
      title: null,
      finalUrl: `${site.origin}/new`,
      hops: [{ url: `${site.origin}/old`, status: 301 }],
    })
    expect(pages.get('/older')?.hops).toHaveLength(2)
    expect(pages.get('/new')).toMatchObject({ status: 200, title: 'New', hops: [] })
    expect(pages.get('/loop')).toMatchObject({ fault: 'redirect_loop', finalUrl: `${site.origin}/loop`, hops: [{}, {}] })
    expect(pages.get('/far')).toMatchObject({ fault: 'redirect_limit' })
    expect(pages.get('/far')?.hops).toHaveLength(11)
    expect(pages.get('/far2')).toMatchObject({ fault: null, status: 200, finalUrl: `${site.origin}/far12` })
    expect(pages.get('/far2')?.hops).toHaveLength(10)
    expect(pages.get('/nowhere')).toMatchObject({ status: 302, fault: null, hops: [] })
  })
})

describe('the guard', () => {
  const nothing: Pages = () => 'secret'
  test('a redirect to a private address is not followed', async () => {
    const secret = await serve(nothing)
    const site = await serve({
      '/': links('/out'),
      '/out': { status: 302, headers: { location: secret.origin.replace('127.0.0.1', '127.0.0.2') } },
    })
    const { pages } = await crawlSite(site.origin, { allow: '127.0.0.1/32' })
    expect(pages.get('/out')).toMatchObject({ fault: 'blocked_address' })
    expect(secret.requests).toEqual([])
  })

  test.each([['127.0.0.1'], ['169.254.169.254'], ['::ffff:127.0.0.1']])('a name that is %s is not visited', async (address) => {
    const secret = await serve(nothing)
    const resolve: Resolve = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
    const { summary } = await crawlSite(`http://rebind.test:${new URL(secret.origin).port}/`, { allow: '', resolve })
    expect(summary).toMatchObject({ complete: false, startFault: 'blocked_address', robots: { availability: 'unknown' } })
    expect(secret.requests).toEqual([])
  })
})

describe('manners', () => {
  test('no more connections than allowed, and none after the end', async () => {
    const site = await serve((path) =>
      path === '/' ? links(...Array.from({ length: 40 }, (_, i) => `/p${i}`)) : path.startsWith('/p') ? 'x' : undefined,
    )
    await crawlSite(site.origin, { connections: 3 })
    expect(site.concurrency()).toBeLessThanOrEqual(3)
  })

  test('429 with Retry-After is honoured and asked once more', async () => {
    let refused = 0
    const site = await serve({
      '/': links('/busy', '/a', '/b'),
      '/busy': (_request, response) => {
        refused += 1
        if (refused === 1) response.writeHead(429, { 'retry-after': '1' }).end()
        else response.writeHead(200, { 'content-type': 'text/html' }).end('<title>ok</title>')
      },
      '/a': 'x',
      '/b': 'x',
    })
    const { summary, pages } = await crawlSite(site.origin, { connections: 1 })
    expect(pages.get('/busy')).toMatchObject({ status: 200, fault: null })
    const [first, second] = site.requests.filter((each) => each.path === '/busy')
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(990)
    expect(summary.complete).toBe(true)
  })

  test('what stays refused is unknown, and the site is left alone', async () => {
    const site = await serve((path) =>
      path === '/'
        ? links(...Array.from({ length: 100 }, (_, i) => `/p${i}`))
        : path.startsWith('/p')
          ? { status: 429, headers: { 'retry-after': '0' } }
          : undefined,
    )
    const { summary } = await crawlSite(site.origin)
    expect(summary).toMatchObject({ stopped: 'throttled', complete: false })
    expect(site.requests.length).toBeLessThan(40)
  })

  test('a wall against bots is no answer', async () => {
    const site = await serve({
      '/': links('/wall', '/plain'),
      '/wall': { status: 403, headers: { 'cf-mitigated': 'challenge' }, body: '<title>Just a moment...</title>' },
      '/plain': { status: 403, body: '<title>Forbidden</title>' },
    })
    const { summary, pages } = await crawlSite(site.origin)
    expect(pages.get('/wall')).toMatchObject({ status: 403, fault: 'challenge' })
    expect(pages.get('/plain')).toMatchObject({ status: 403, fault: null })
    expect(summary.unknownPages).toBe(1)
  })

  test('a crawl-delay is kept by all connections together', async () => {
    const site = await serve({
      '/robots.txt': { body: 'user-agent: *\ncrawl-delay: 0.2' },
      '/': links('/a', '/b', '/c'),
      '/a': 'x',
      '/b': 'x',
      '/c': 'x',
    })
    await crawlSite(site.origin)
    const at = site.requests.filter((each) => /^\/[abc]$/.test(each.path)).map((each) => each.at)
    expect(at).toHaveLength(3)
    for (const [index, time] of at.entries()) if (index > 0) expect(time - (at[index - 1] ?? 0)).toBeGreaterThan(180)
  })

  test('a cancelled crawl ends at once and says so', async () => {
    const stopping = new AbortController()
    const site = await serve((path) => {
      if (path === '/robots.txt' || path === '/sitemap.xml') return undefined
      if (path === '/slow') return () => stopping.abort()
      return links('/slow')
    })
    const { summary } = await crawlSite(site.origin, { signal: stopping.signal })
    expect(summary).toMatchObject({ stopped: 'aborted', complete: false })
  })

  test('a site that is down is an outage, not an empty site', async () => {
    const site = await serve(() => ({ status: 500 }))
    const { summary, pages } = await crawlSite(site.origin)
    expect(summary.complete).toBe(false)
    expect(pages.get('/')).toMatchObject({ status: 500, fault: null })
  })

  test('progress is told and never shrinks', async () => {
    const seen: number[] = []
    const site = await serve((path) => (path === '/' ? links('/a', '/b') : path.length === 2 ? 'x' : undefined))
    await crawlSite(site.origin, { onProgress: ({ pagesDone }) => seen.push(pagesDone) })
    expect(seen).toEqual([1, 2, 3])
  })
})
