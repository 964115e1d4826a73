import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net'
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { parseCidrs } from './guarded-address.ts'
import { createOutbound, type Outbound, type OutboundOptions } from './guarded-http.ts'
import { resolvePublic } from './guarded-lookup.ts'
import type { OutboundRequest } from './outbound-request.ts'

const loopback = parseCidrs('127.0.0.0/8')
const asked: OutboundRequest = { totalTimeoutMs: 5_000, maxBytes: 1_000_000 }
const toStop: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(toStop.splice(0).map((stop) => stop()))
})

async function listening(server: Server | TcpServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => sockets.add(socket))
  toStop.push(
    () =>
      new Promise((resolve) => {
        if ('closeAllConnections' in server) server.closeAllConnections()
        for (const socket of sockets) socket.destroy()
        server.close(resolve)
      }),
  )
  // A TCP server's address is never a string or null while it listens on a port.
  return (server.address() as AddressInfo).port
}
const serve = async (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  `http://127.0.0.1:${await listening(createHttpServer(answer))}/`
const serveBytes = async (text: string | Buffer) =>
  `http://127.0.0.1:${await listening(createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.end(text))))}/`

function outboundWith(options: Partial<OutboundOptions> = {}): Outbound {
  const outbound = createOutbound({ allowCidrs: loopback, connectTimeoutMs: 2_000, ...options })
  toStop.push(() => outbound.close())
  return outbound
}

describe('an answer', () => {
  test('is status, headers and body', async () => {
    const url = await serve((request, response) => {
      response
        .setHeader('Set-Cookie', ['a=1', 'b=2'])
        .writeHead(207, { 'X-Asked': `${request.method} ${String(request.headers['x-me'])}` })
      response.end('hello')
    })
    const answer = await outboundWith().request(url, { ...asked, method: 'POST', headers: { 'x-me': 'you' }, body: 'x' })
    if (!answer.ok) throw new Error(answer.detail)
    expect(answer).toMatchObject({ status: 207, truncated: false, bytes: 5, remoteAddress: '127.0.0.1' })
    expect(answer.headers).toMatchObject({ 'x-asked': 'POST you', 'set-cookie': ['a=1', 'b=2'] })
    expect(answer.body.toString()).toBe('hello')
  })

  test('a redirect is an answer', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end())
    expect(await outboundWith().request(url, asked)).toMatchObject({ ok: true, status: 302 })
  })

  test.each([
    ['gzip', gzipSync('hello')],
    ['br', brotliCompressSync('hello')],
    ['deflate', deflateSync('hello')],
    ['deflate', deflateRawSync('hello')],
    ['GZIP', gzipSync('hello').subarray(0, -4)],
    ['identity', Buffer.from('hello')],
  ])('%s is read', async (encoding, body) => {
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': encoding }).end(body))
    const answer = await outboundWith().request(url, asked)
    expect(answer.ok && answer.body.toString()).toBe('hello')
  })

  test('an empty body may claim to be compressed', async () => {
    const url = await serve((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end())
    expect(await outboundWith().request(url, { ...asked, method: 'HEAD' })).toMatchObject({ ok: true, bytes: 0 })
    expect(await outboundWith().request(url, asked)).toMatchObject({ ok: true, bytes: 0 })
  })

  test('is handed over piece by piece, and the head may lower the limit', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'video/mp4' }).end('x'.repeat(50_000)),
    )
    const pieces: Buffer[] = []
    const answer = await outboundWith().request(url, {
      ...asked,
      onHead: (head) => ({ maxBytes: head.headers['content-type'] === 'video/mp4' ? 100 : 1e6 }),
      onBody: (chunk) => pieces.push(chunk),
    })
    expect(answer).toMatchObject({ ok: true, truncated: true, bytes: 100 })
    expect(Buffer.concat(pieces)).toHaveLength(100)
  })

  test('a connection that the other side closed meanwhile costs a second one, not the answer', async () => {
    let connections = 0
    const port = await listening(
      createTcpServer((socket) => {
        connections += 1
        socket.on('error', () => {})
        let requests = 0
        socket.on('data', () => {
          requests += 1
          if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
          else socket.destroy()
        })
      }),
    )
    const outbound = outboundWith({ connectionsPerOrigin: 1 })
    for (let i = 0; i < 2; i += 1) expect(await outbound.request(`http://127.0.0.1:${port}/`, asked)).toMatchObject({ ok: true })
    expect(connections).toBe(2)
  })

  test('fresh means a new connection each time', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })
    const outbound = outboundWith({ connectionsPerOrigin: 1 })
    await outbound.request(url, asked)
    await outbound.request(url, asked)
    expect(ports.size).toBe(1)
    await outbound.request(url, { ...asked, fresh: true })
    await outbound.request(url, { ...asked, fresh: true })
    expect(ports.size).toBe(3)
  })
})

describe('limits', () => {
  test('an endless body is cut and its connection closed', async () => {
    const closed = Promise.withResolvers<void>()
    const url = await serve((_request, response) => {
      const piece = Buffer.alloc(64 * 1024, 'x')
      const pour = () => {
        while (response.write(piece));
      }
      response.on('drain', pour).on('close', closed.resolve)
      pour()
    })
    const answer = await outboundWith().request(url, asked)
    expect(answer).toMatchObject({ ok: true, status: 200, truncated: true, bytes: 1_000_000 })
    await closed.promise
  })

  test('a gzip bomb is cut by what comes out of it', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const bomb = createGzip()
      bomb.pipe(response)
      const zeros = Buffer.alloc(1024 * 1024)
      for (let i = 0; i < 200; i += 1) bomb.write(zeros)
      bomb.end()
    })
    const before = process.memoryUsage().rss
    const answer = await outboundWith().request(url, { ...asked, maxBytes: 5_000_000, onBody: () => {} })
    expect(answer).toMatchObject({ ok: true, truncated: true, bytes: 5_000_000 })
    expect(process.memoryUsage().rss - before).toBeLessThan(450e6)
  })

  test('a body of exactly the limit is whole', async () => {
    const url = await serve((_request, response) => response.end('12345'))
    expect(await outboundWith().request(url, { ...asked, maxBytes: 5 })).toMatchObject({ truncated: false, bytes: 5 })
    expect(await outboundWith().request(url, { ...asked, maxBytes: 4 })).toMatchObject({ truncated: true, bytes: 4 })
  })

  test('the deadline ends a head that never comes', async () => {
    const url = await serve(() => {})
    expect(await outboundWith().request(url, { ...asked, totalTimeoutMs: 100 })).toMatchObject({ ok: false, fault: 'timeout' })
  })

  test('the deadline ends a body that drips', async () => {
    const url = await serve((_request, response) => {
      const dripping = setInterval(() => response.write('x'), 10)
      response.on('close', () => clearInterval(dripping))
    })
    expect(await outboundWith().request(url, { ...asked, totalTimeoutMs: 150 })).toMatchObject({ ok: false, fault: 'timeout' })
  })

  test('the caller may end it, before and during', async () => {
    const url = await serve(() => {})
    expect(await outboundWith().request(url, { ...asked, signal: AbortSignal.abort() })).toMatchObject({ fault: 'aborted' })
    const stopping = new AbortController()
    const answer = outboundWith().request(await serve(() => stopping.abort()), { ...asked, signal: stopping.signal })
    expect(await answer).toMatchObject({ ok: false, fault: 'aborted' })
  })
})

describe('faults', () => {
  test('nobody listens', async () => {
    const server = createTcpServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    expect(await outboundWith().request(`http://127.0.0.1:${port}/`, asked)).toMatchObject({ ok: false, fault: 'refused' })
  })

  test.each([
    ['closed at once', '', 'refused'],
    ['not HTTP', 'SSH-2.0-OpenSSH_9.6\r\n', 'protocol'],
    ['cut off in the head', 'HTTP/1.1 200 OK\r\nContent-Le', 'refused'],
    ['cut off in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', 'refused'],
    ['an unknown encoding', 'HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 2\r\n\r\nok', 'protocol'],
    ['a broken archive', 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope', 'protocol'],
  ])('%s', async (_name, text, fault) => {
    expect(await outboundWith().request(await serveBytes(text), asked)).toMatchObject({ ok: false, fault })
  })

  test('a server without TLS on an https address', async () => {
    const url = (await serveBytes('HTTP/1.1 400 Bad Request\r\n\r\n')).replace('http:', 'https:')
    expect(await outboundWith().request(url, asked)).toMatchObject({ ok: false, fault: 'tls' })
  })

  test.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'no address', 'http://'])('%s is refused', async (url) => {
    expect(await outboundWith().request(url, asked)).toMatchObject({ ok: false, fault: 'protocol' })
  })

  test('a header that HTTP cannot carry', async () => {
    const url = await serve((_request, response) => response.end())
    expect(await outboundWith().request(url, { ...asked, headers: { 'x-bad': 'a\r\nb' } })).toMatchObject({ fault: 'protocol' })
  })
})

describe('the guard', () => {
  const reached: string[] = []
  const target = async () => {
    reached.length = 0
    const url = await serve((request, response) => {
      reached.push(request.url ?? '')
      response.end('secret')
    })
    return new URL(url).port
  }
  const answers = (...addresses: string[]) => ({
    allowCidrs: [],
    resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  })

  test.each(['127.0.0.1', '2130706433', '0x7f.1', '127.1', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '0.0.0.0', '[::]'])(
    'the literal %s is refused, over http and https',
    async (host) => {
      const port = await target()
      for (const scheme of ['http', 'https'])
        expect(await outboundWith({ allowCidrs: [] }).request(`${scheme}://${host}:${port}/`, asked)).toMatchObject({
          fault: 'blocked_address',
        })
      expect(reached).toEqual([])
    },
  )

  test.each([['127.0.0.1'], ['1.1.1.1', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254'], ['::7f00:1']])(
    'a name that is %s is refused',
    async (...addresses) => {
      const port = await target()
      for (const scheme of ['http', 'https'])
        expect(await outboundWith(answers(...addresses)).request(`${scheme}://rebind.test:${port}/`, asked)).toMatchObject({
          fault: 'blocked_address',
        })
      expect(reached).toEqual([])
    },
  )

  test('a listed network may be reached by name, and only what is listed', async () => {
    const port = await target()
    const localhost = outboundWith({ ...answers('::1', '127.0.0.1'), allowCidrs: loopback })
    expect(await localhost.request(`http://localhost:${port}/`, asked)).toMatchObject({ ok: true, remoteAddress: '127.0.0.1' })
    expect(await localhost.request(`http://[::1]:${port}/`, asked)).toMatchObject({ fault: 'blocked_address' })
  })

  test('a name without an answer is a DNS fault', async () => {
    expect(await outboundWith(answers()).request('http://nobody.test/', asked)).toMatchObject({ fault: 'dns' })
    const failing = { resolve: () => Promise.reject(Object.assign(new Error('no'), { code: 'EAI_AGAIN' })) }
    expect(await outboundWith(failing).request('http://nobody.test/', asked)).toMatchObject({ ok: false, fault: 'dns' })
    expect(await resolvePublic('nobody.test', [], failing.resolve)).toMatchObject({ ok: false, reason: 'dns' })
  })

  test('resolvePublic says which address it refuses', async () => {
    expect(await resolvePublic('[::1]', [])).toMatchObject({
      ok: false,
      reason: 'blocked_address',
      detail: expect.stringContaining('::1'),
    })
    expect(await resolvePublic('127.0.0.1', loopback)).toMatchObject({ ok: true })
    expect(await resolvePublic('x.test', [], answers('8.8.8.8', '10.0.0.1').resolve)).toMatchObject({ reason: 'blocked_address' })
  })
})
