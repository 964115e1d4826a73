import { X509Certificate } from 'node:crypto'
import { getCACertificates } from 'node:tls'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { issue, type TestIdentity } from '../probes/loopback-certificates.ts'
import { tlsFacts } from './tls.ts'

const host = 'shop.test'
const dns = [host]
const hourMs = 3_600_000
const now = new Date()
const after = (hours: number) => new Date(now.getTime() + hours * hourMs)

let root: TestIdentity
let middle: TestIdentity
let roots: string[]
beforeAll(async () => {
  root = await issue({ name: 'Test Root', authority: true })
  middle = await issue({ name: 'Test Intermediate', authority: true, issuer: root })
  roots = [root.pem]
})

const judged = (chain: readonly TestIdentity[], at = now, name = host) =>
  tlsFacts(
    chain.map((each) => each.pem),
    at,
    name,
    { roots },
  )

describe('what a chain tells without a handshake', () => {
  test('valid, in whatever form and order it comes', async () => {
    const leaf = await issue({ name: 'a', dns, issuer: middle })
    const valid = { faults: [], trust: 'trusted', selfSigned: false }
    expect(judged([leaf, middle])).toMatchObject(valid)
    expect(judged([leaf, root, middle])).toMatchObject(valid)
    expect(tlsFacts([leaf.der, new X509Certificate(middle.pem)], now, host, { roots })).toMatchObject(valid)
    expect(tlsFacts([`${leaf.pem}\n${middle.pem}`], now, host, { roots })).toMatchObject(valid)
    expect(tlsFacts([{ raw: leaf.der }, { rawData: new Uint8Array(middle.der).buffer }], now, host, { roots })).toMatchObject(
      valid,
    )
    expect(() => tlsFacts(['no certificate'], now, host)).toThrow()
  })

  test('each way to be wrong', async () => {
    const [expired, early, other, own, sha1, alone] = await Promise.all([
      issue({ name: 'a', dns, issuer: middle, from: -30, until: -1 }),
      issue({ name: 'b', dns, issuer: middle, from: 1, until: 30 }),
      issue({ name: 'c', dns: ['other.test'], issuer: middle }),
      issue({ name: host, dns }),
      issue({ name: 'd', dns, issuer: middle, hash: 'SHA-1' }),
      issue({ name: 'e', dns, issuer: middle }),
    ])
    expect(judged([expired, middle]).faults).toEqual(['expired'])
    expect(judged([early, middle]).faults).toEqual(['not_yet_valid'])
    expect(judged([other, middle]).faults).toEqual(['name_mismatch'])
    expect(judged([own])).toMatchObject({ faults: ['untrusted'], selfSigned: true })
    expect(judged([sha1, middle]).faults).toEqual(['sha1'])
    expect(judged([alone]).faults).toEqual(['missing_intermediate'])
    expect(judged([alone, root]).faults).toEqual(['missing_intermediate'])
    expect(tlsFacts([alone.pem, middle.pem, root.pem], now, host).faults).toEqual(['untrusted'])
    expect(judged([]).trust).toBe('not_checked')
  })

  test('a certificate that is no authority vouches for nobody, and a name proves nothing', async () => {
    const guest = await issue({ name: 'guest', dns: ['guest.test'], issuer: root })
    const forged = await issue({ name: 'a', dns, issuer: guest })
    // Who signed it was sent: there is nothing that the server could send beside it.
    expect(judged([forged, guest]).trust).toBe('untrusted')
    const pretender = await issue({ name: 'Test Root', authority: true })
    expect(judged([await issue({ name: 'a', dns, issuer: pretender }), pretender]).trust).toBe('untrusted')
  })

  test('only what leads to the root counts, and by the way that lives longest', async () => {
    const leaf = await issue({ name: 'a', dns, issuer: middle })
    const [oldRoot, stranger] = await Promise.all([
      issue({ name: 'Old Root', authority: true, from: -900, until: -1 }),
      issue({ name: 'Stranger', authority: true, until: -1 }),
    ])
    const [crossed, replaced] = await Promise.all([
      issue({ name: root.name, keys: root.keys, authority: true, issuer: oldRoot, until: -0.5, hash: 'SHA-1' }),
      issue({ name: middle.name, keys: middle.keys, authority: true, issuer: root, until: -0.5 }),
    ])
    const valid = { faults: [], trust: 'trusted', nearest: { severity: null } }
    expect(judged([leaf, middle, crossed])).toMatchObject(valid)
    expect(judged([leaf, middle, crossed, oldRoot])).toMatchObject(valid)
    expect(judged([leaf, middle, stranger])).toMatchObject(valid)
    expect(judged([leaf, replaced, middle])).toMatchObject(valid)
    expect(judged([leaf, middle, replaced])).toMatchObject(valid)
    expect(judged([leaf, replaced])).toMatchObject({ faults: ['expired'], trust: 'trusted' })
  })

  test.each([
    ['serverAuth', 'trusted'],
    ['clientAuth', 'untrusted'],
  ] as const)('for %s: %s', async (usage, trust) => {
    const own = await issue({ name: 'a', dns, issuer: middle, usage })
    const authority = await issue({ name: 'Of One Use', authority: true, issuer: root, usage })
    const below = await issue({ name: 'b', dns, issuer: authority })
    expect([judged([own, middle]).trust, judged([below, authority]).trust]).toEqual([trust, trust])
  })

  test('two authorities that vouch for each other are followed once', async () => {
    const [one, two] = await Promise.all([issue({ name: 'One', authority: true }), issue({ name: 'Two', authority: true })])
    const byTwo = await issue({ name: 'One', keys: one.keys, authority: true, issuer: two })
    const byOne = await issue({ name: 'Two', keys: two.keys, authority: true, issuer: one })
    expect(judged([await issue({ name: 'a', dns, issuer: one }), byTwo, byOne]).trust).toBe('untrusted')
  })

  test('the last moment still belongs to it', async () => {
    const leaf = await issue({ name: 'a', dns, issuer: middle, until: 30 })
    const end = new X509Certificate(leaf.pem).validToDate
    expect(judged([leaf, middle], end).faults).toEqual([])
    expect(judged([leaf, middle], new Date(end.getTime() + 1_000)).faults).toEqual(['expired'])
  })

  test.each([
    ['several names in one', 'a.test, DNS:shop.test, DNS:b.test', host],
    ['an address as a name', '10.0.0.1', '10.0.0.1'],
    ['all that is below a public suffix', '*.co.uk', 'shop.co.uk'],
    ['a part of a label', 'sho*.test', host],
  ])('%s is no name', async (_name, written, wanted) =>
    expect(judged([await issue({ name: 'a', dns: [written], issuer: middle }), middle], now, wanted).faults).toEqual([
      'name_mismatch',
    ]),
  )

  test('a star below a suffix that is somebody’s own is a name', async () =>
    expect(
      judged([await issue({ name: 'a', dns: ['*.github.io'], issuer: middle }), middle], now, 'shop.github.io').faults,
    ).toEqual([]))

  test.each([
    ['24 hours', 1, 7, null],
    ['24 hours', 1, 5, 'medium'],
    ['24 hours', 1, 3, 'high'],
    ['24 hours', 1, 1, 'critical'],
    ['200 days', 200, 31 * 24, null],
    ['200 days', 200, 29 * 24, 'medium'],
    ['200 days', 200, 13 * 24, 'high'],
    ['200 days', 200, 2 * 24, 'critical'],
  ])('of %s, with %s days and %s hours left: %s', async (_name, days, left, severity) => {
    const leaf = await issue({ name: 'a', dns, issuer: middle, from: 0, until: days })
    const { nearest, faults } = judged([leaf, middle], after(days * 24 - left))
    expect(nearest?.severity ?? null).toBe(severity)
    expect(Math.round((nearest?.lifetimeMs ?? 0) / hourMs)).toBe(days * 24)
    expect(faults).toEqual([])
  })

  test('roots that everybody has', () => {
    const [pem = ''] = getCACertificates('default')
    expect(tlsFacts([pem], now, host).trust).toBe('trusted')
  })
})
