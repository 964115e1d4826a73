// A web site of pages of 34 kB, 2,000 unless asked otherwise, in a process of its own; prints its URL. Its pages have validators.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const pages = Number(process.argv[2] ?? 2_000)
const bytes = 34_000
const linksPerPage = 40
const filler = '<p>The quick brown fox jumps over the lazy dog and looks at what the shop has in store today.</p>\n'

function pageOf(n: number): string {
  const links = Array.from(
    { length: linksPerPage },
    (_, k) => `<a href="/p/${(n * 7 + k * 53 + 1) % pages}">Product ${k}</a>`,
  ).join('\n')
  const head = `<!doctype html><html lang="en"><head><title>Page ${n}</title><link rel="canonical" href="/p/${n}"></head><body><nav>${links}</nav>`
  return `${head}${filler.repeat(Math.ceil((bytes - head.length) / filler.length))}</body></html>`
}

/** Many pages are made when they are asked for; a few, whose server must not cost more than its crawler, before. */
const bodies = pages > 2_000 ? null : Array.from({ length: pages }, (_, n) => Buffer.from(pageOf(n)))
const bodyOf = (n: number): Buffer | undefined => (n >= 0 && n < pages ? (bodies?.[n] ?? Buffer.from(pageOf(n))) : undefined)
const entries = Array.from({ length: pages }, (_, n) => `<url><loc>http://127.0.0.1:PORT/p/${n}</loc></url>`).join('')
let sitemap = ''
const server = createServer((request, response) => {
  const n = Number(/^\/p\/(\d+)$/.exec(request.url ?? '')?.[1] ?? (request.url === '/' ? 0 : Number.NaN))
  const body = bodyOf(n)
  const etag = `"page-${n}"`
  if (body && request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
  else if (body)
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-length': body.length, etag }).end(body)
  else if (request.url === '/robots.txt')
    response.writeHead(200, { 'content-type': 'text/plain' }).end('User-agent: *\nAllow: /\n')
  else if (request.url === '/sitemap.xml') response.writeHead(200, { 'content-type': 'application/xml' }).end(sitemap)
  else response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not found</title>')
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  sitemap = `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${entries.replaceAll('PORT', String(port))}</urlset>`
  console.log(`http://127.0.0.1:${port}/`)
})
process.on('disconnect', () => process.exit(0))
