import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { parseCidrs } from './guarded-address.ts'
import { createGuardedProxy, type GuardedProxy, type GuardedProxyOptions } from './guarded-proxy.ts'

let site: Server
let port: number
let asked: string[]
let proxy: GuardedProxy
beforeEach(async () => {
  asked = []
  site = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.host} ${request.url}`)
    response.writeHead(200, { 'x-site': 'yes' }).end(request.url === '/large' ? Buffer.alloc(300_000) : 'hello')
  })
  await new Promise<void>((done) => site.listen(0, '0.0.0.0', done))
  port = (site.address() as AddressInfo).port
})
afterEach(async () => {
  await proxy.close()
  site.closeAllConnections()
  await new Promise((done) => site.close(done))
})

async function open(more: Partial<GuardedProxyOptions> = {}): Promise<void> {
  proxy = await createGuardedProxy({
    allowCidrs: parseCidrs('127.0.0.1/32'),
    connectTimeoutMs: 2_000,
    bytesMax: 1_000_000,
    async resolve(hostname) {
      const address = { 'shop.example': '127.0.0.1', 'inside.example': '10.0.0.7', 'beside.example': '127.0.0.2' }[hostname]
      if (!address) throw Object.assign(new Error('No such host'), { code: 'ENOTFOUND' })
      return [{ address, family: 4 }]
    },
    ...more,
  })
}

/** The status and body, or null when the connection was closed instead. */
const get = (url: string): Promise<{ status: number | undefined; text: string } | null> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(proxy.url)
    const asking = request({ hostname, port, path: url, headers: { host: URL.parse(url)?.host ?? '' } }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
      response.on('error', () => resolve(null))
    })
    asking.on('error', () => resolve(null))
    asking.end()
  })

/** The first line that comes back through a tunnel; empty when it is closed. */
const tunnel = (target: string): Promise<string> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(proxy.url)
    const socket = connect(Number(port), hostname, () => socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`))
    let seen = ''
    socket.on('data', (chunk) => {
      seen += chunk.toString()
      if (seen.includes('Established') && !seen.includes('hello'))
        socket.write('GET /tunnel HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n')
    })
    socket.on('error', () => socket.destroy())
    socket.on('close', () => resolve(seen))
  })

test('passes requests on to allowed addresses, plainly and through a tunnel', async () => {
  await open()
  expect(await get(`http://shop.example:${port}/a?b=1`)).toEqual({ status: 200, text: 'hello' })
  expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({ status: 200 })
  expect(await tunnel(`shop.example:${port}`)).toMatch(/\r\nhello\r\n/)
  expect(asked).toEqual([`GET shop.example:${port} /a?b=1`, `GET 127.0.0.1:${port} /`, 'GET shop.example /tunnel'])
})

test('reaches nothing else, whatever it is called', async () => {
  await open()
  for (const host of ['127.0.0.2', '10.0.0.7', '169.254.169.254', '[::1]', '[::ffff:127.0.0.2]', '2130706434'])
    expect([host, (await get(`http://${host}:${port}/`))?.status]).toEqual([host, 403])
  for (const host of ['inside.example', 'beside.example', 'nobody.example']) {
    expect([host, (await get(`http://${host}:${port}/`))?.status]).toEqual([host, 502])
    expect([host, await tunnel(`${host}:${port}`)]).toEqual([host, ''])
  }
  expect(await tunnel(`127.0.0.2:${port}`)).toContain('403')
  for (const odd of ['ftp://shop.example/', 'file:///etc/passwd', '/relative']) expect((await get(odd))?.status).toBe(403)
  expect(asked).toEqual([])
})

test('gives so many bytes, and then none', async () => {
  await open({ bytesMax: 500_000 })
  const url = `http://shop.example:${port}/large`
  expect((await get(url))?.text.length).toBe(300_000)
  await get(url)
  expect((await get(url))?.status).not.toBe(200)
})

test.each([
  { what: 'a status below 100', answer: 'HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nhi', seen: 502 },
  { what: 'a trailer that cannot follow', answer: 'HTTP/1.1 200 OK\r\nTrailer: x\r\nContent-Length: 2\r\n\r\nhi', seen: 200 },
  { what: 'no HTTP', answer: 'hello', seen: 502 },
])('outlives a site that answers with $what', async ({ answer, seen }) => {
  await open()
  const odd = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('data', () => socket.end(answer))
  })
  await new Promise<void>((done) => odd.listen(0, '127.0.0.1', done))
  const { port: oddPort } = odd.address() as AddressInfo
  expect((await get(`http://127.0.0.1:${oddPort}/`))?.status).toBe(seen)
  expect((await get(`http://shop.example:${port}/`))?.status).toBe(200)
  await new Promise((done) => odd.close(done))
})
