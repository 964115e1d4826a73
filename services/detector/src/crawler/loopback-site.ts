import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import type { Resolve } from '@tocsin/outbound/guarded-lookup'
import { wallClock } from '@tocsin/process/clock'
import { silentLog } from '@tocsin/process/log'
import { type CrawlOptions, crawl } from './crawl.ts'
import type { CrawlSummary, PageObservation } from './observation.ts'

const stops: (() => Promise<unknown>)[] = []
/** To be called after each test. */
export async function stopLoopback(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()))
}

export type Answer =
  | string
  | { status?: number; headers?: Record<string, string | string[]>; body?: string | Buffer }
  | ((request: IncomingMessage, response: ServerResponse) => void)
export type Pages = Record<string, Answer> | ((path: string) => Answer | undefined)

/** A real web site on loopback, as broken as a test wants it. */
export interface LoopbackSite {
  readonly origin: string
  readonly requests: { path: string; at: number; agent: string | undefined }[]
  /** The most requests that were in hand at once. */
  readonly concurrency: () => number
}

export async function serve(pages: Pages): Promise<LoopbackSite> {
  const requests: LoopbackSite['requests'] = []
  let open = 0
  let most = 0
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/'
    requests.push({ path, at: performance.now(), agent: request.headers['user-agent'] })
    open += 1
    most = Math.max(most, open)
    response.on('close', () => {
      open -= 1
    })
    const answer = typeof pages === 'function' ? pages(path) : pages[path]
    if (answer === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<title>Not found</title>')
    else if (typeof answer === 'function') answer(request, response)
    else if (typeof answer === 'string') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(answer)
    else response.writeHead(answer.status ?? 200, { 'content-type': 'text/html', ...answer.headers }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  stops.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  // Listening on a port, its address is an object.
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, requests, concurrency: () => most }
}

export const links = (...hrefs: string[]) => `<html><body>${hrefs.map((href) => `<a href="${href}">x</a>`).join('')}`

export async function crawlSite(
  start: string,
  over: Partial<CrawlOptions> & { resolve?: Resolve; allow?: string } = {},
): Promise<{ summary: CrawlSummary; pages: Map<string, PageObservation> }> {
  const pages = new Map<string, PageObservation>()
  const outbound = createOutbound({
    allowCidrs: parseCidrs(over.allow ?? '127.0.0.0/8'),
    connectTimeoutMs: 2_000,
    verifyCertificates: false,
    ...(over.resolve ? { resolve: over.resolve } : {}),
  })
  stops.push(() => outbound.close())
  const summary = await crawl({
    start,
    budget: 500,
    connections: 2,
    userAgent: 'TocsinBot/1.0 (+https://tocsin.example/bot)',
    outbound,
    clock: wallClock,
    signal: new AbortController().signal,
    log: silentLog(),
    onPage: (page) => void pages.set(new URL(page.url).pathname + new URL(page.url).search, page),
    onUnchanged() {
      throw new Error('Who names what is known of pages takes those that have not changed.')
    },
    ...over,
  })
  return { summary, pages }
}
