import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { allowedAddress, type Cidr } from './guarded-address.ts'
import { guardedLookup, literalOf, type Resolve, resolveBySystem } from './guarded-lookup.ts'

export interface GuardedProxy {
  readonly url: string
  close(): Promise<void>
}

export interface GuardedProxyOptions {
  readonly allowCidrs: readonly Cidr[]
  readonly connectTimeoutMs: number
  /** From the outside, in all; then every connection is closed. */
  readonly bytesMax: number
  readonly resolve?: Resolve
}

/** A page opens some dozens; what is beyond waits in vain. */
const connectionsMax = 256

/**
 * A proxy on loopback for a program that we do not control, such as a browser: whatever it asks for, and wherever a page sends it, it
 * reaches allowed addresses only. Names are resolved here and nowhere else.
 */
export async function createGuardedProxy(options: GuardedProxyOptions): Promise<GuardedProxy> {
  const { allowCidrs, connectTimeoutMs, bytesMax, resolve = resolveBySystem } = options
  const open = new Set<Duplex>()
  let bytes = 0

  const count = (chunk: Buffer): void => {
    bytes += chunk.length
    if (bytes > bytesMax) for (const socket of open) socket.destroy()
  }
  const keep = (socket: Duplex): void => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Whoever is at the other end has gone; so has what was between.
    socket.on('error', () => socket.destroy())
  }

  /** The three checks of guarded-dispatcher.ts: literals never reach the lookup, and only a socket knows where it leads. */
  function guarded(host: string, port: number): Socket | null {
    const literal = literalOf(host)
    if (bytes > bytesMax || (literal && !allowedAddress(literal.address, allowCidrs))) return null
    const socket = connect({ host: literal?.address ?? host, port, lookup: guardedLookup(allowCidrs, resolve) })
    keep(socket)
    socket.setTimeout(connectTimeoutMs, () => socket.connecting && socket.destroy())
    socket.prependOnceListener('connect', () => {
      if (!allowedAddress(socket.remoteAddress ?? '', allowCidrs)) socket.destroy()
    })
    socket.on('data', count)
    return socket
  }

  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => forward(request, response, guarded))
  server.maxConnections = connectionsMax
  server.on('connection', keep)
  server.on('connect', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    const target = URL.parse(`http://${request.url ?? ''}`)
    const socket = target && guarded(target.hostname, Number(target.port || 80))
    if (!socket) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    socket.once('error', () => client.destroy())
    socket.once('close', () => client.destroy())
    client.once('close', () => socket.destroy())
    socket.once('connect', () => {
      if (socket.destroyed) return
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      socket.write(head)
      socket.pipe(client)
      client.pipe(socket)
    })
  })
  await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      for (const socket of open) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

type Connect = (host: string, port: number) => Socket | null

/** Of one connection only, and not to be passed on. */
const ownHeaders = new Set(['proxy-connection', 'proxy-authorization', 'connection', 'keep-alive', 'upgrade', 'te', 'trailer'])

function forward(request: IncomingMessage, response: ServerResponse, guarded: Connect): void {
  const target = URL.parse(request.url ?? '')
  const socket = target?.protocol === 'http:' ? guarded(target.hostname, Number(target.port || 80)) : null
  if (!target || !socket) return void response.writeHead(403).end()
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !ownHeaders.has(name)))
  // Without an agent of any kind: one would open a connection of its own, past the guard.
  const onward = httpRequest(
    { createConnection: () => socket, method: request.method, path: `${target.pathname}${target.search}`, headers },
    (answer) => {
      answer.once('error', () => response.destroy())
      if (begin(response, answer)) answer.pipe(response)
      else onward.destroy()
    },
  )
  onward.once('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()))
  response.once('close', () => onward.destroy())
  request.pipe(onward)
}

/** What a site says is not always what may be said: Node reads statuses and headers that it refuses to write. */
function begin(response: ServerResponse, { statusCode, rawHeaders }: IncomingMessage): boolean {
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 && !ownHeaders.has(name.toLowerCase()) ? [name, rawHeaders[at + 1] ?? ''] : [],
  )
  try {
    response.writeHead(statusCode ?? 502, headers)
    return true
  } catch (error) {
    // Anything without a code is not Node's no, but a mistake of ours.
    if (typeof error !== 'object' || error === null || !('code' in error)) throw error
    response.writeHead(502).end()
    return false
  }
}
