import type { IncomingMessage, ServerResponse } from 'node:http'
import { consolePage } from './console-page.ts'
import type { DemoSite } from './demo-site.ts'
import type { DemoReceiver } from './receiver.ts'

const viewersMax = 20

/** The demo's control desk under /demo: the switches of the broken site, what the webhook receiver got, the way to the mailbox. */
export function createDemoConsole(demo: { site: DemoSite; siteUrl: string; receiver: DemoReceiver; mailboxUrl: string }) {
  const viewers = new Set<ServerResponse>()
  const state = () =>
    JSON.stringify({
      siteUrl: demo.siteUrl,
      mailboxUrl: demo.mailboxUrl,
      switches: demo.site.switches(),
      received: demo.receiver.received(),
    })
  const tell = () => {
    const frame = `data: ${state()}\n\n`
    for (const viewer of viewers) viewer.write(frame)
  }
  demo.receiver.onReceived(tell)

  function watch(response: ServerResponse): void {
    if (viewers.size >= viewersMax) {
      refuse(response, 429)
      return
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    response.write(`data: ${state()}\n\n`)
    viewers.add(response)
    response.on('close', () => viewers.delete(response))
  }

  function flip(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
    const known = demo.site.switches().find((each) => each.name === query.get('name'))
    // Another site's page in the same browser must not flip our switches.
    const from = request.headers['sec-fetch-site'] ?? 'none'
    if (from !== 'same-origin' && from !== 'none') refuse(response, 403)
    else if (!known) refuse(response, 404)
    else {
      demo.site.flip(known.name, query.get('on') === 'true')
      tell()
      response.writeHead(204).end()
    }
  }

  return {
    paths: ['/demo', '/demo/state', '/demo/live', '/demo/flip'],
    handle(request: IncomingMessage, response: ServerResponse): void {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://demo')
      if (pathname === '/demo/flip' && request.method === 'POST') flip(request, response, searchParams)
      else if (request.method !== 'GET') refuse(response, 405)
      else if (pathname === '/demo/live') watch(response)
      else if (pathname === '/demo/state') respond(response, 'application/json', state())
      else respond(response, 'text/html; charset=utf-8', consolePage)
    },
    close() {
      for (const viewer of viewers) viewer.end()
    },
  }
}

function respond(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'x-frame-options': 'SAMEORIGIN' }).end(body)
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status).end()
}
