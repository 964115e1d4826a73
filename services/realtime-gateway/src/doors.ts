import type { IncomingMessage, ServerResponse } from 'node:http'
import { STATUS_CODES } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import type { StreamRequest } from './access.ts'
import type { LiveOutlet } from './connections.ts'

/** The way back to one viewer, until it has a stream. Exactly one of the two is called. */
export interface Door {
  answer(status: number, headers: Record<string, string>, body: string): void
  /** Null: the viewer has left in the meantime. */
  open(headers: Record<string, string>, first: Buffer): LiveOutlet | null
}

/** HTTP/1.1 behind Node's own server. Without a length the body ends with the connection, so frames go out as they are. */
export function http1Door(request: IncomingMessage, response: ServerResponse): { request: StreamRequest; door: Door } {
  const { remoteAddress = '' } = request.socket
  return {
    request: { method: request.method ?? '', target: request.url ?? '/', headers: request.headers, remoteAddress },
    door: {
      answer: (status, headers, body) => void response.writeHead(status, headers).end(body),
      open(headers, first) {
        if (response.destroyed || response.closed) return null
        response.useChunkedEncodingByDefault = false
        response.shouldKeepAlive = false
        response.writeHead(200, headers)
        response.write(first)
        return response
      },
    },
  }
}

export function http2Door(request: Http2ServerRequest, response: Http2ServerResponse): { request: StreamRequest; door: Door } {
  const { stream } = response
  const { remoteAddress = '' } = request.socket
  return {
    request: {
      method: request.method,
      target: request.url,
      headers: { ...request.headers, host: request.authority },
      remoteAddress,
    },
    door: {
      answer(status, headers, body) {
        if (stream.destroyed || stream.closed) return
        stream.respond({ ':status': status, ...headers })
        stream.end(body)
      },
      open(headers, first) {
        if (stream.destroyed || stream.closed) return null
        stream.respond({ ':status': 200, ...headers })
        stream.write(first)
        return stream
      },
    },
  }
}

/** HTTP/1.1 on a bare socket: nothing of an HTTP server stays in memory for a viewer. */
export function socketDoor(socket: Socket): Door {
  return {
    answer(status, headers, body) {
      socket.write(`${head(status, { ...headers, 'content-length': String(Buffer.byteLength(body)) })}${body}`)
      // Ending it would wait for the other side to hang up too.
      socket.destroySoon()
    },
    open(headers, first) {
      if (socket.destroyed || !socket.writable) return null
      socket.write(Buffer.concat([Buffer.from(head(200, headers)), first]))
      return socket
    },
  }
}

function head(status: number, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nconnection: close\r\n${lines.join('')}\r\n`
}
