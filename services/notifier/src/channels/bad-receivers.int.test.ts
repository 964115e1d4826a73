import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from '@jest/globals'
import { newWebhookSecret } from '@tocsin/contract/webhook-signature'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import type { Resolve } from '@tocsin/outbound/guarded-lookup'
import { createHandSetClock } from '@tocsin/process/clock'
import { createSecretBox } from '@tocsin/process/secret-box'
import { claimedOf } from './channel.contract.ts'
import { type Channel, responseBytesMax, type SendResult } from './channel.ts'
import { grownBytesMax, sendApart } from './sender-apart.contract.ts'
import { createWebhookChannel } from './webhook.ts'

const box = createSecretBox('a secret that only tests may know, 32+', 'webhook')
const receiverId = 'whk_0123456789abcdefghjkmnpq'
const deadlineMs = 800

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Speaks whatever it likes. `talk` gets the socket once something of the request has come. */
async function badServer(talk: (socket: Socket) => void): Promise<{ port: number; connections: () => number }> {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    sockets.add(socket)
    connections += 1
    socket.on('error', () => socket.destroy()) // The sender hung up, as it should.
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', () => talk(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

function channelWith(more: { allow?: string; resolve?: Resolve } = {}): Channel {
  const allowCidrs = parseCidrs(more.allow ?? '127.0.0.0/8')
  const outbound = createOutbound({
    allowCidrs,
    connectTimeoutMs: deadlineMs,
    ...(more.resolve ? { resolve: more.resolve } : {}),
  })
  const channel = createWebhookChannel({ outbound, box, clock: createHandSetClock(new Date()), deadlineMs })
  closing.push(() => channel.close())
  return channel
}
const send = (channel: Channel, url: string): Promise<SendResult> =>
  channel.send(claimedOf({ receiverId, url, secret: box.seal(newWebhookSecret(), receiverId) }), new AbortController().signal)

/** As fast as the other side takes it. */
function pour(socket: Socket, head: string, block: string): void {
  socket.write(head)
  const fill = () => {
    while (!socket.destroyed && socket.write(block));
  }
  socket.on('drain', fill)
  fill()
}

function drip(socket: Socket, head: string, byte = 'x'): void {
  socket.write(head)
  const timer = setInterval(() => socket.write(byte), 50)
  socket.on('close', () => clearInterval(timer))
}

const gigabyte = 1024 ** 3
const block = 'x'.repeat(64 * 1024)
const receivers: { what: string; talk: (socket: Socket) => void; expected: Partial<Record<keyof SendResult, unknown>> }[] = [
  { what: 'never answers', talk: () => {}, expected: { outcome: 'timeout', status: null } },
  {
    what: 'is no web server',
    talk: (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
    expected: { outcome: 'rejected', status: null },
  },
  {
    what: 'breaks off within the head',
    talk: (socket) => socket.end('HTTP/1.1 200 O'),
    expected: { status: null, response: expect.stringMatching(/./) },
  },
  { what: 'hangs up at once', talk: (socket) => socket.destroy(), expected: { outcome: 'refused', status: null } },
  {
    what: 'resets the connection',
    talk: (socket) => socket.resetAndDestroy(),
    expected: { outcome: 'refused', status: null },
  },
  {
    what: 'has a head without end',
    talk: (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n', `x-more: ${'y'.repeat(1000)}\r\n`),
    expected: { outcome: 'rejected', status: null },
  },
  {
    what: 'says for ever that it is still at it',
    talk: (socket) => pour(socket, '', 'HTTP/1.1 102 Processing\r\n\r\n'),
    expected: { status: null },
  },
  {
    what: 'sends its head a byte at a time',
    talk: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nx-slow: '),
    expected: { outcome: 'timeout', status: null },
  },
  {
    what: 'sends its body a byte at a time',
    talk: (socket) => drip(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n'),
    expected: { outcome: 'timeout' },
  },
  {
    what: 'answers 200 with a gigabyte',
    talk: (socket) => pour(socket, `HTTP/1.1 200 OK\r\ncontent-length: ${gigabyte}\r\n\r\n`, block),
    expected: { outcome: 'accepted', status: 200, response: 'x'.repeat(responseBytesMax) },
  },
  {
    what: 'answers 500 with a body without end',
    talk: (socket) => pour(socket, 'HTTP/1.1 500 Oh\r\n\r\n', block),
    expected: { outcome: 'rejected', status: 500, response: 'x'.repeat(responseBytesMax) },
  },
  {
    what: 'sends chunks of nonsense',
    talk: (socket) => socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nnot a size\r\n'),
    expected: { outcome: 'rejected' },
  },
  {
    what: 'closes in the middle of the body',
    talk: (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nonly this'),
    expected: { outcome: 'refused' },
  },
  {
    what: 'sends a compressed bomb nobody asked for',
    talk: (socket) => pour(socket, 'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n', block),
    expected: { outcome: 'rejected' },
  },
  {
    what: 'redirects to the metadata of a cloud',
    talk: (socket) => socket.end('HTTP/1.1 307 Go\r\nlocation: http://169.254.169.254/latest/\r\ncontent-length: 0\r\n\r\n'),
    expected: { outcome: 'rejected', status: 307 },
  },
]

test.each(receivers)('a receiver that $what: ended in time and memory, and explained', async ({ talk, expected }) => {
  const server = await badServer(talk)
  const channel = channelWith()
  const startedAt = performance.now()
  const result = await send(channel, `http://127.0.0.1:${server.port}/`)
  expect(result).toMatchObject({ ...expected })
  expect(performance.now() - startedAt).toBeLessThan(deadlineMs + 1_000)
  expect(result.retry).toBe(true)
  expect(result.response.length).toBeLessThanOrEqual(responseBytesMax)
  if (result.status === null) expect(result.response).toMatch(/\w/)
  expect(server.connections()).toBe(1)
})

test('none of them costs more memory than an answer that is cut', async () => {
  const servers = await Promise.all(receivers.map(({ talk }) => badServer(talk)))
  const told = await sendApart(
    servers.map(({ port }) => `http://127.0.0.1:${port}/`),
    { deadlineMs },
  )
  expect(told.map(({ outcome }) => outcome)).toEqual(receivers.map(({ expected }) => expected.outcome ?? expect.any(String)))
  const grown = told.map(({ grownBytes }, place) => ({ what: receivers[place]?.what, grownBytes }))
  expect(grown.filter(({ grownBytes }) => grownBytes >= grownBytesMax)).toEqual([])
}, 60_000)

test('a hundred of them at once cost no more memory than that', async () => {
  const server = await badServer((socket) => pour(socket, 'HTTP/1.1 200 OK\r\n\r\n', block))
  const told = await sendApart([`http://127.0.0.1:${server.port}/`], { atOnce: 100, deadlineMs })
  expect(new Set(told.map(({ outcome }) => outcome))).toEqual(new Set(['accepted']))
  expect(told[0]?.grownBytes).toBeLessThan(grownBytesMax)
}, 60_000)

test('a name that leads elsewhere from one moment to the next is judged by where it leads now', async () => {
  const server = await badServer((socket) => socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'))
  const answers = [['127.0.0.1'], ['169.254.169.254'], ['127.0.0.1', '169.254.169.254'], ['93.184.216.34', '10.0.0.7']]
  let asked = 0
  const resolve: Resolve = async () => (answers[asked++] ?? []).map((address) => ({ address, family: 4 }))
  const channel = channelWith({ allow: '127.0.0.1/32', resolve })
  const url = `http://hook.example:${server.port}/`
  expect(await send(channel, url)).toMatchObject({ outcome: 'accepted' })
  expect(await send(channel, url)).toMatchObject({
    outcome: 'blocked_address',
    response: expect.stringContaining('169.254.169.254'),
  })
  // One that the operator listed is used; the private one beside it never.
  expect(await send(channel, url)).toMatchObject({ outcome: 'accepted' })
  expect(await send(channel, url)).toMatchObject({ outcome: 'blocked_address', response: expect.stringContaining('10.0.0.7') })
  expect(await send(channel, url)).toMatchObject({ outcome: 'dns' })
  expect(server.connections()).toBe(2)
  expect(asked).toBe(5)
})
