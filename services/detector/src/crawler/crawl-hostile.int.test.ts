import { brotliCompressSync, constants, createGzip, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { type Answer, crawlSite, links, serve, stopLoopback } from './loopback-site.ts'

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

  test('another spelling of an address is looked at when nothing else is left', async () => {
    const filters = ['a=1', 'b=2', 'c=3', 'd=4']
    const orders = filters.flatMap((first) => filters.filter((each) => each !== first).map((each) => [first, each]))
    const spelled = orders.map((order) => `/?${[...order, ...filters.filter((each) => !order.includes(each))].join('&')}`)
    const site = await serve((path) =>
      path === '/robots.txt' ? undefined : links(...spelled, '/old//shop', '/old/shop', '/about'),
    )
    const { summary, pages } = await crawlSite(site.origin, { connections: 1 })
    const asked = site.requests.map(({ path }) => path).filter((path) => !/^\/(robots\.txt|sitemap\.xml)?$/.test(path))
    expect(asked.slice(0, 3)).toEqual([spelled[0], '/old//shop', '/about'])
    expect(asked.slice(3)).toEqual([...spelled.slice(1), '/old/shop'])
    expect(pages.size).toBe(asked.length + 1)
    expect(summary).toMatchObject({ stopped: 'done', complete: true, traps: [] })
    const few = await crawlSite(site.origin, { connections: 1, budget: 4 })
    expect([...few.pages.keys()]).toEqual(['/', spelled[0], '/old//shop', '/about'])
    expect(few.summary.stopped).toBe('budget')
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

const mebibyte = 1024 * 1024
/** What the process holds at most while something is done, above what it held before. */
async function extraMebibytes(work: () => Promise<unknown>): Promise<number> {
  const held = () => {
    const { heapUsed, external } = process.memoryUsage()
    return (heapUsed + external) / mebibyte
  }
  const before = held()
  let most = before
  const timer = setInterval(() => {
    most = Math.max(most, held())
  }, 5)
  await work()
  clearInterval(timer)
  return most - before
}

describe('a site that does its worst', () => {
  const html = { 'content-type': 'text/html' }
  const pour =
    (piece: Buffer, headers: Record<string, string> = html): Answer =>
    (_request, response) => {
      response.writeHead(200, headers)
      const more = () => {
        while (response.write(piece));
      }
      response.on('drain', more)
      more()
    }
  /** Sends a little every 20 ms, for ever. */
  const trickle =
    (begin: (send: (text: string) => void) => void, piece: string): Answer =>
    (request) => {
      const { socket } = request
      begin((text) => socket.write(text))
      const timer = setInterval(() => socket.write(piece), 20)
      socket.on('close', () => clearInterval(timer))
      socket.on('error', () => clearInterval(timer))
    }
  const zeros = Buffer.alloc(20 * mebibyte)
  const bombs: Record<string, Answer> = {
    // Hundreds of megabytes each, if they were unpacked.
    '/gzip': pour(gzipSync(zeros), { ...html, 'content-encoding': 'gzip' }),
    '/deflate': pour(deflateSync(zeros), { ...html, 'content-encoding': 'deflate' }),
    '/br': {
      headers: { ...html, 'content-encoding': 'br' },
      body: brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } }),
    },
    '/not-gzip': { headers: { ...html, 'content-encoding': 'gzip' }, body: 'plain' },
    '/half-gzip': { headers: { ...html, 'content-encoding': 'gzip' }, body: gzipSync(links('/found')).subarray(0, -10) },
    '/unknown-encoding': { headers: { ...html, 'content-encoding': 'rot13' }, body: 'x' },
  }
  const slow: Record<string, Answer> = {
    '/slow-head': trickle((send) => send('HTTP/1.1 200 OK\r\n'), 'x-a: b\r\n'),
    '/slow-body': trickle((send) => send('HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 900000\r\n\r\n'), '<p>'),
    '/silent': () => {},
    '/slammed': (request) => request.socket.destroy(),
    '/garbage': (request) => request.socket.end('220 mail.example ESMTP\r\n'),
    '/huge-head': (_request, response) => response.writeHead(200, { ...html, 'x-long': 'x'.repeat(100_000) }).end('x'),
    '/many-heads': trickle((send) => send('HTTP/1.1 103 Early Hints\r\n\r\n'), 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  }
  const odd: Record<string, Answer> = {
    '/5gb': pour(Buffer.alloc(65_536, '<p>x</p>')),
    '/5gb-video': pour(Buffer.alloc(65_536), { 'content-type': 'video/mp4', 'content-length': '5000000000' }),
    '/one-tag': pour(Buffer.alloc(65_536, 'x'), html),
    '/zip-as-html': { headers: html, body: Buffer.from([0x50, 0x4b, 3, 4, ...Array.from({ length: 5_000 }, (_, n) => n % 251)]) },
    '/html-as-image': { headers: { 'content-type': 'image/png' }, body: links('/not-followed') },
    '/no-type': (_request, response) => response.writeHead(200).end(links('/found')),
    '/two-types': { headers: { 'content-type': 'text/html, text/plain' }, body: links('/found') },
    '/bad-utf8': {
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: Buffer.from('<title>a\xff\xc3</title>', 'latin1'),
    },
    '/nul': { headers: html, body: '<title>a\0b</title><a href="/fo\0und">' },
    '/deep': '<div>'.repeat(200_000),
    '/attributes': `<p ${Array.from({ length: 100_000 }, (_, n) => `a${n}=1`).join(' ')}>`,
    '/broken': `<html><<body <a href='/found' "><![CDATA[<table><tr></b><!--`,
    '/418': { status: 418, body: 'x' },
    '/999': { status: 999, body: 'x' },
  }
  const elsewhere = [
    'http://169.254.169.254/latest/meta-data/',
    'http://10.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://2852039166/',
    `http://${'a'.repeat(64)}.test/`,
    `http://${'a.'.repeat(150)}test/`,
    'http://xn--0.test/',
    'http://localhost.nowhere.invalid/',
    'ftp://x.test/',
    'javascript:alert(1)',
    'http://',
    'http://user:pass@no-such-host.invalid/',
  ]
  const redirects: Record<string, Answer> = {
    ...Object.fromEntries(elsewhere.map((location, n): [string, Answer] => [`/to/${n}`, { status: 302, headers: { location } }])),
    '/loop': { status: 301, headers: { location: '/loop' } },
    '/no-location': { status: 302 },
  }
  const pages: Record<string, Answer> = { ...bombs, ...slow, ...odd, ...redirects, '/found': 'found', '/last': 'last' }

  test('is seen to its end in bounded time and memory, each page with what can be said of it', async () => {
    let further = 0
    const site = await serve((path) => {
      if (path === '/') return links(...Object.keys(pages), '/endless')
      further += 1
      if (path.startsWith('/endless')) return { status: 302, headers: { location: `/endless/${further}` } }
      return pages[path]
    })
    const startedAt = performance.now()
    let crawled: Awaited<ReturnType<typeof crawlSite>> | null = null
    const extra = await extraMebibytes(async () => {
      crawled = await crawlSite(site.origin, { requestTimeoutMs: 12_000, connections: 10 })
    })
    if (!crawled) throw new Error('There was no crawl.')
    const { summary, pages: seen }: Awaited<ReturnType<typeof crawlSite>> = crawled
    expect(performance.now() - startedAt).toBeLessThan(40_000)
    expect(extra).toBeLessThan(150)
    expect(summary.stopped).toBe('done')
    const told = (path: string) => {
      const page = seen.get(path)
      return page && `${page.status} ${page.fault ?? '-'}${page.truncated ? ' cut' : ''}`
    }
    const expected: Record<string, string> = {
      '/gzip': '200 - cut',
      '/deflate': '200 - cut',
      '/br': '200 - cut',
      '/not-gzip': 'null protocol',
      '/half-gzip': '200 -',
      '/unknown-encoding': 'null protocol',
      '/slow-head': 'null timeout',
      '/slow-body': 'null timeout',
      '/silent': 'null timeout',
      '/many-heads': 'null timeout',
      '/slammed': 'null refused',
      '/garbage': 'null protocol',
      '/huge-head': 'null protocol',
      '/5gb': '200 - cut',
      '/5gb-video': '200 - cut',
      '/one-tag': '200 - cut',
      '/zip-as-html': '200 -',
      '/html-as-image': '200 -',
      '/no-type': '200 -',
      '/two-types': '200 -',
      '/bad-utf8': '200 -',
      '/nul': '200 -',
      '/deep': '200 -',
      '/attributes': '200 -',
      '/broken': '200 -',
      '/418': '418 -',
      '/999': '999 rate_limited',
      '/loop': '301 redirect_loop',
      '/endless': '302 redirect_limit',
      '/no-location': '302 -',
      '/to/0': 'null blocked_address',
      '/to/1': 'null blocked_address',
      '/to/2': 'null blocked_address',
      '/to/3': 'null blocked_address',
      '/to/4': 'null blocked_address',
      '/last': '200 -',
      '/found': '200 -',
    }
    expect(Object.fromEntries(Object.keys(expected).map((path) => [path, told(path)]))).toEqual(expected)
    expect(seen.has('/not-followed')).toBe(false)
    expect(seen.get('/bad-utf8')?.title).toBe('a\ufffd\ufffd')
    for (let n = 5; n < elsewhere.length; n += 1)
      expect([elsewhere[n], told(`/to/${n}`)]).toEqual([elsewhere[n], expect.any(String)])
  }, 60_000)

  test('names that lead elsewhere when they are asked again lead nowhere', async () => {
    const site = await serve((path) => (request, response) => {
      response
        .writeHead(200, { 'content-type': 'text/html', connection: 'close' })
        .end(path === '/' ? links('/a', '/b', '/c') : request.headers.host)
    })
    let asked = 0
    const { pages: seen } = await crawlSite(site.origin.replace('127.0.0.1', 'rebound.test'), {
      connections: 1,
      resolve: async () => {
        asked += 1
        return [{ address: asked <= 4 ? '127.0.0.1' : '10.0.0.7', family: 4 }]
      },
    })
    expect(['/', '/a', '/b', '/c'].map((path) => seen.get(path)?.fault ?? null)).toEqual([
      null,
      null,
      'blocked_address',
      'blocked_address',
    ])
  })

  test('sitemaps that lead round in circles, never end or unpack to mountains are read as far as it makes sense', async () => {
    const index = (...locations: string[]) =>
      `<sitemapindex>${locations.map((each) => `<sitemap><loc>${each}</loc></sitemap>`).join('')}</sitemapindex>`
    const urlset = (...paths: string[]) => `<urlset>${paths.map((each) => `<url><loc>${each}</loc></url>`).join('')}</urlset>`
    const maps: Record<string, Answer> = {
      '/robots.txt': {
        headers: { 'content-type': 'text/plain' },
        body: 'Sitemap: /index.xml\nSitemap: /moved.xml\nSitemap: /rss.xml\n',
      },
      '/index.xml': index(
        '/index.xml',
        '/deeper.xml',
        '/bomb.xml.gz',
        '/pages.xml',
        ...Array.from({ length: 5_000 }, (_, n) => `/missing/${n}.xml`),
      ),
      '/deeper.xml': index('/index.xml', '/deeper.xml', '/deepest.xml'),
      '/deepest.xml': index('/too-deep.xml', '/deeper.xml'),
      '/too-deep.xml': urlset('/never'),
      '/bomb.xml.gz': { headers: { 'content-type': 'application/gzip' }, body: gzipSync(Buffer.alloc(200 * mebibyte)) },
      '/pages.xml': urlset('/listed', 'http://[broken', 'https://elsewhere.test/'),
      '/moved.xml': { status: 301, headers: { location: '/here.xml' } },
      '/here.xml': `\ufeff  <?xml version="1.0" encoding="utf-8"?><s:urlset xmlns:s="urn:wrong"><s:url><s:loc>/moved</s:loc></s:url></s:urlset>`,
      '/rss.xml': '<rss><channel><link>/</link><item><link>/news</link></item></channel></rss>',
      '/sitemap.xml': { status: 302, headers: { location: '/sitemap.xml' } },
      '/': 'home',
      '/listed': 'x',
      '/moved': 'x',
      '/news': 'x',
      '/never': 'x',
    }
    const site = await serve((path) => maps[path])
    const { summary, pages: seen } = await crawlSite(site.origin)
    expect([...seen.keys()].sort()).toEqual(['/', '/listed', '/moved', '/news'])
    expect(summary.complete).toBe(true)
    const ofMaps = site.requests.filter(({ path }) => /\.xml/.test(path))
    expect(ofMaps.length).toBeLessThanOrEqual(60)
    // One redirects to itself, and is followed a few times.
    const others = ofMaps.map(({ path }) => path).filter((path) => path !== '/sitemap.xml')
    const twice = others.filter((path, n) => others.indexOf(path) !== n)
    expect(twice).toEqual([])
  })
})
