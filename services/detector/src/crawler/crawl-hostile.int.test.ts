import { createGzip } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { crawlSite, links, serve, stopLoopback } from './loopback-site.ts'

afterEach(stopLoopback)

describe('hostile sites', () => {
  test('an endless page costs five megabytes, a bomb no more', async () => {
    const filler = Buffer.alloc(64 * 1024, '<p>x</p>')
    const site = await serve({
      '/': links('/endless', '/bomb', '/pdf'),
      '/endless': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        const pour = () => {
          while (response.write(filler));
        }
        response.on('drain', pour)
        pour()
      },
      '/bomb': (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/html', 'content-encoding': 'gzip' })
        const bomb = createGzip()
        bomb.pipe(response)
        for (let i = 0; i < 100; i += 1) bomb.write(Buffer.alloc(1024 * 1024))
        bomb.end()
      },
      '/pdf': { headers: { 'content-type': 'application/pdf' }, body: Buffer.alloc(3_000_000) },
    })
    const { pages } = await crawlSite(site.origin)
    expect(pages.get('/endless')).toMatchObject({ status: 200, truncated: true, bytes: 5 * 1024 * 1024 })
    expect(pages.get('/bomb')).toMatchObject({ status: 200, truncated: true, bytes: 5 * 1024 * 1024 })
    expect(pages.get('/pdf')).toMatchObject({ status: 200, contentType: 'application/pdf', bytes: 16 * 1024 })
  })

  test('a hundred thousand links on a page are no harm', async () => {
    const site = await serve((path) =>
      path === '/' ? links(...Array.from({ length: 100_000 }, (_, i) => `/p/${i}`)) : path.startsWith('/p/') ? 'x' : undefined,
    )
    const { summary, pages } = await crawlSite(site.origin, { budget: 50 })
    expect(summary).toMatchObject({ stopped: 'budget', complete: true })
    expect(pages.size).toBe(50)
  })

  test('of the links of a page the first ten thousand are read', async () => {
    const same = Array.from({ length: 9_999 }, (_, i) => `/same#${i}`)
    const site = await serve({ '/': links(...same, '/followed', '/left'), '/same': 'x', '/followed': 'x', '/left': 'x' })
    const { pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/followed', '/same'])
  })

  test('a trap is left', async () => {
    const site = await serve((path) => {
      const day = Number(/^\/calendar\/(\d+)$/.exec(path)?.[1] ?? 0)
      return path === '/robots.txt' || path === '/sitemap.xml'
        ? undefined
        : path.length > 3_000
          ? undefined
          : links(`/calendar/${day + 1}`, `/calendar/${day + 2}`, '/about', `${path === '/' ? '' : path}/deeper/deeper`)
    })
    const { summary, pages } = await crawlSite(site.origin, { budget: 5_000 })
    expect(summary.stopped).toBe('done')
    expect(summary.traps).toContain(`${site.origin}/calendar/{n}`)
    expect(pages.size).toBeLessThan(4_100)
    expect(pages.has('/about')).toBe(true)
  })

  test('a robots.txt of fifty megabytes is read as far as crawlers read', async () => {
    const site = await serve({
      '/robots.txt': {
        headers: { 'content-type': 'text/plain' },
        body: Buffer.alloc(50 * 1024 * 1024, 'User-agent: *\nDisallow: /x\n'),
      },
      '/': links('/x', '/y'),
      '/y': 'y',
    })
    const { summary, pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/y'])
    expect(summary.robots.text.length).toBe(500 * 1024)
  })

  test('broken HTML, wrong charsets and odd links', async () => {
    const site = await serve({
      '/': {
        headers: { 'content-type': 'text/html; charset=klingon' },
        body: Buffer.from(
          '<a href=/one><a href="/two"><<<a href="http://[broken"><a href="/three?a=1&amp;b=2"<p><a href="\u00e4">',
          'utf8',
        ),
      },
      '/latin': {
        headers: { 'content-type': 'text/html; charset=iso-8859-1' },
        body: Buffer.from('<title>Caf\xe9</title>', 'latin1'),
      },
      '/meta': { body: Buffer.from('<meta charset=windows-1252><title>\x80</title>', 'latin1') },
      '/utf16': { body: Buffer.from('\ufeff<title>\u00fc</title>', 'utf16le') },
      '/one': links('/latin', '/meta', '/utf16'),
      '/two': 'x',
      '/three?a=1&b=2': 'x',
      '/%C3%A4': 'x',
    })
    const { pages } = await crawlSite(site.origin)
    expect([...pages.keys()].sort()).toEqual(['/', '/%C3%A4', '/latin', '/meta', '/one', '/three?a=1&b=2', '/two', '/utf16'])
    expect(['/latin', '/meta', '/utf16'].map((path) => pages.get(path)?.title)).toEqual(['Caf\u00e9', '\u20ac', '\u00fc'])
  })
})
