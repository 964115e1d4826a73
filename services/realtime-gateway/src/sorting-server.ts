import { type EventEmitter, once } from 'node:events'
import type { Server as Http1Server } from 'node:http'
import type { Http2Server } from 'node:http2'
import { createServer, type Socket } from 'node:net'
import type { Service } from '@tocsin/process/service'
import type { StreamRequest } from './access.ts'
import { readPlainRequest } from './plain-request.ts'

/** After a deploy everybody comes at once; whoever finds the queue full comes again a second later. */
const backlogMax = 4_096
/** How an HTTP/2 connection begins. No method of HTTP/1 begins so. */
const http2Preface = Buffer.from('PRI ')

export interface SortingServerOptions {
  port: number
  /** Who connects and says nothing is not waited for. */
  firstBytesMs: number
  http1: Http1Server
  http2: Http2Server
  /** Whether an ordinary GET of this target goes to `take`. */
  takes: (target: string) => boolean
  take: (request: StreamRequest, socket: Socket) => void
}

/** Looks at the first bytes of a connection and gives it to whom it is for. */
export function createSortingServer(options: SortingServerOptions): Service {
  const unsorted = new Set<Socket>()
  const server = createServer({ noDelay: true }, (socket) => {
    unsorted.add(socket)
    const gone = () => unsorted.delete(socket)
    const late = () => socket.destroy()
    socket.setTimeout(options.firstBytesMs, late).on('close', gone).on('error', ignore)
    listenForFirst(socket, Buffer.alloc(0), (first) => {
      gone()
      socket.setTimeout(0).off('timeout', late).off('close', gone)
      sort(options, socket, first)
    })
  })
  return {
    name: 'gateway-server',
    async start() {
      server.listen({ port: options.port, backlog: backlogMax })
      await once(server, 'listening')
    },
    async stop() {
      if (server.listening) server.close()
      for (const socket of unsorted) socket.destroy()
    },
  }
}

function listenForFirst(socket: Socket, before: Buffer, done: (first: Buffer) => void): void {
  socket.once('data', (chunk) => {
    const first = before.length === 0 ? chunk : Buffer.concat([before, chunk])
    // "P" may become PRI or POST.
    if (first.length < http2Preface.length && http2Preface.subarray(0, first.length).equals(first))
      listenForFirst(socket, first, done)
    else done(first)
  })
}

function sort(options: SortingServerOptions, socket: Socket, first: Buffer): void {
  const plain = readPlainRequest(first)
  if (first.subarray(0, http2Preface.length).equals(http2Preface)) handOver(options.http2, socket, first)
  else if (!plain || !options.takes(plain.target)) {
    handOver(options.http1, socket, first)
    socket.resume() // An HTTP/2 session reads by itself, an HTTP/1 server listens.
  } else {
    // Whatever it still says is thrown away; reading on is how we notice that it has left.
    socket.resume()
    options.take({ method: 'GET', ...plain, remoteAddress: socket.remoteAddress ?? '' }, socket)
  }
}

function handOver(server: EventEmitter, socket: Socket, first: Buffer): void {
  socket.off('error', ignore)
  socket.pause()
  socket.unshift(first)
  server.emit('connection', socket)
}

/** 'close' follows, and that is where it is dealt with. */
const ignore = (): void => {}
