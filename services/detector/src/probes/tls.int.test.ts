import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { createServer } from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { createOutbound } from '@tocsin/outbound/guarded-http'
import type { Resolve } from '@tocsin/outbound/guarded-lookup'
import { tlsFacts } from '../judges/tls.ts'
import { issue, type TestIdentity } from './loopback-certificates.ts'
import { observeTls, type TlsObservation, type TlsProbeOptions } from './tls.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

let root: TestIdentity
let middle: TestIdentity
beforeAll(async () => {
  root = await issue({ name: 'Test Root', authority: true })
  middle = await issue({ name: 'Test Intermediate', authority: true, issuer: root })
})

async function listen(server: Server, address = '127.0.0.1', port = 0): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})))
  await new Promise<void>((resolve) => server.listen(port, address, resolve))
  stops.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  // Listening on a port, its address is an object.
  return (server.address() as AddressInfo).port
}

const present = (leaf: TestIdentity, ...chain: TestIdentity[]) =>
  createServer({ key: leaf.keyPem, cert: [leaf, ...chain].map((each) => each.pem).join('\n'), ciphers: 'DEFAULT@SECLEVEL=0' }).on(
    'tlsClientError',
    () => {},
  )

const atLoopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]

function observe(port: number, over: Partial<TlsProbeOptions> = {}): Promise<TlsObservation> {
  const guard = { allowCidrs: parseCidrs('127.0.0.0/8'), resolve: atLoopback, ...over }
  const outbound = createOutbound({ ...guard, connectTimeoutMs: 1_000 })
  stops.push(() => outbound.close())
  const options = { outbound, timeoutMs: 2_000, trustedRoots: [root.pem], ...guard }
  return observeTls(`https://shop.test:${port}/`, options, new AbortController().signal)
}

const faultsAt = async (port: number) => {
  const { addresses } = await observe(port)
  return addresses.map((each) => tlsFacts(each.chain, new Date(), 'shop.test', { trust: each.trust }).faults)
}

describe('what a host presents', () => {
  test('a valid chain, with its facts', async () => {
    const leaf = await issue({ name: 'shop.test', dns: ['shop.test', 'WWW.shop.test'], issuer: middle, until: 30 })
    const seen = await observe(await listen(present(leaf, middle)))
    expect(seen).toMatchObject({
      host: 'shop.test',
      fault: null,
      addresses: [{ address: '127.0.0.1', fault: null, trust: 'trusted' }],
    })
    expect(seen.addresses[0]?.chain.slice(0, 2)).toMatchObject([
      {
        subject: 'CN=shop.test',
        issuer: 'CN=Test Intermediate',
        names: ['shop.test', 'www.shop.test'],
        signatureAlgorithm: 'ecdsa-with-SHA256',
        selfSigned: false,
      },
      { subject: 'CN=Test Intermediate' },
    ])
  })

  test('what is sent along and leads nowhere is left out', async () => {
    const leaf = await issue({ name: 'shop.test', dns: ['shop.test'], issuer: middle })
    const oldRoot = await issue({ name: 'Old Root', authority: true, until: -0.5 })
    const crossed = await issue({ name: root.name, keys: root.keys, authority: true, issuer: oldRoot, until: -0.5 })
    const port = await listen(present(leaf, middle, crossed, oldRoot))
    const { addresses } = await observe(port)
    expect(addresses.map(({ trust, chain }) => [trust, chain.map(({ issuer }) => issuer)])).toEqual([
      ['trusted', ['CN=Test Intermediate', 'CN=Test Root']],
    ])
    expect(await faultsAt(port)).toEqual([[]])
  })

  test('every way to be wrong is told apart', async () => {
    const dns = ['shop.test']
    const own = await issue({ name: 'shop.test', dns })
    const strange = await issue({ name: 'Other Root', authority: true })
    const [expired, wrongName, distrusted, sha1, incomplete] = await Promise.all([
      issue({ name: 'a', dns, issuer: middle, from: -30, until: -1 }).then((leaf) => present(leaf, middle)),
      issue({ name: 'b', dns: ['other.test'], issuer: middle }).then((leaf) => present(leaf, middle)),
      issue({ name: 'c', dns, issuer: strange }).then((leaf) => present(leaf, strange)),
      issue({ name: 'd', dns, issuer: middle, hash: 'SHA-1' }).then((leaf) => present(leaf, middle)),
      issue({ name: 'e', dns, issuer: middle }).then((leaf) => present(leaf)),
    ])
    expect(await faultsAt(await listen(expired))).toEqual([['expired']])
    expect(await faultsAt(await listen(wrongName))).toEqual([['name_mismatch']])
    expect(await faultsAt(await listen(distrusted))).toEqual([['untrusted']])
    expect(await faultsAt(await listen(present(own)))).toEqual([['untrusted']])
    expect(await faultsAt(await listen(sha1))).toEqual([['sha1']])
    expect(await faultsAt(await listen(incomplete))).toEqual([['missing_intermediate']])
  })

  test('an issuer that can be fetched tells an incomplete chain from a distrusted one', async () => {
    const strange = await issue({ name: 'Strange Root', authority: true })
    const port = await listen(
      createHttpServer((request, response) => response.end(request.url === '/middle' ? middle.der : strange.der)),
    )
    const url = (path: string) => `http://127.0.0.1:${port}${path}`
    const repairable = await issue({ name: 'shop.test', dns: ['shop.test'], issuer: middle, issuersUrl: url('/middle') })
    const hopeless = await issue({ name: 'shop.test', dns: ['shop.test'], issuer: strange, issuersUrl: url('/strange') })
    expect(await faultsAt(await listen(present(repairable)))).toEqual([['missing_intermediate']])
    expect(await faultsAt(await listen(present(hopeless)))).toEqual([['untrusted']])
  })

  test('every address is asked', async () => {
    const dns = ['shop.test']
    const port = await listen(present(await issue({ name: 'new', dns, issuer: middle }), middle))
    await listen(present(await issue({ name: 'old', dns, issuer: middle, from: -60, until: 2 }), middle), '127.0.0.2', port)
    const resolve: Resolve = async () => ['127.0.0.1', '127.0.0.2', '127.0.0.3'].map((address) => ({ address, family: 4 }))
    const { addresses } = await observe(port, { resolve })
    expect(addresses.map((each) => each.chain[0]?.subject ?? each.fault)).toEqual(['CN=new', 'CN=old', 'refused'])
  })
})

describe('without a handshake', () => {
  test('a host that is private is not touched', async () => {
    const touched: Socket[] = []
    const port = await listen(createTcpServer((socket) => touched.push(socket)))
    expect(await observe(port, { allowCidrs: [] })).toMatchObject({ fault: 'blocked_address', addresses: [] })
    expect(touched).toEqual([])
  })

  test('a name that is not known', async () => {
    const resolve: Resolve = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    expect(await observe(443, { resolve })).toMatchObject({ fault: 'dns', addresses: [] })
  })

  test.each([
    ['no TLS', (socket: Socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')), 'tls'],
    ['closed', (socket: Socket) => socket.destroy(), 'refused'],
    ['silent', () => {}, 'timeout'],
  ])('%s', async (_name, onConnection, fault) => {
    const port = await listen(createTcpServer(onConnection))
    expect(await observe(port, { timeoutMs: 200 })).toMatchObject({ addresses: [{ fault, trust: 'not_checked', chain: [] }] })
  })
})
