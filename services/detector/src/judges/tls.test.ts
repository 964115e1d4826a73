import { describe, expect, test } from '@jest/globals'
import type { CertificateFacts, Trust } from './certificate.ts'
import { expiryFacts, tlsFacts } from './tls.ts'

const now = new Date('2026-11-20T12:00:00Z')
const dayMs = 86_400_000
const days = (count: number) => new Date(now.getTime() + count * dayMs)
const certificate = (over: Partial<CertificateFacts> = {}): CertificateFacts => ({
  subject: 'CN=shop.test',
  issuer: 'CN=Test CA',
  serial: '01',
  validFrom: days(-30),
  validTo: days(60),
  names: ['shop.test', '*.shop.test'],
  signatureAlgorithm: 'sha256WithRSAEncryption',
  selfSigned: false,
  ...over,
})
const root = certificate({
  subject: 'CN=Root',
  issuer: 'CN=Root',
  selfSigned: true,
  signatureAlgorithm: 'sha1WithRSAEncryption',
  validTo: days(-1),
})

describe('how near the end is', () => {
  test.each([
    ['a year, far', 365, 31, null],
    ['a year, 29 days left', 365, 29, 'medium'],
    ['a year, 13 days left', 365, 13, 'high'],
    ['a year, 2 days left', 365, 2, 'critical'],
    ['90 days, 23 left', 90, 23, null],
    ['90 days, 22 left', 90, 22, 'medium'],
    ['90 days, 15 left', 90, 15, 'medium'],
    ['90 days, 13 left', 90, 13, 'high'],
    ['90 days, 2.9 left', 90, 2.9, 'critical'],
    ['47 days, 12 left', 47, 12, null],
    ['47 days, 11 left', 47, 11, 'medium'],
    ['47 days, 7 left', 47, 7, 'high'],
    ['6 days, 2 left', 6, 2, null],
    ['6 days, 1.4 left', 6, 1.4, 'medium'],
    ['6 days, 0.9 left', 6, 0.9, 'high'],
    ['6 days, 0.4 left', 6, 0.4, 'critical'],
    ['over', 90, -1, 'critical'],
  ])('%s → %s', (_name, lifetime, left, severity) =>
    expect(expiryFacts(certificate({ validFrom: days(left - lifetime), validTo: days(left) }), now).severity).toBe(severity),
  )

  test('the worst of the chain counts, a root that is sent along does not', () => {
    const intermediate = certificate({ subject: 'CN=Test CA', serial: '02', validFrom: days(-700), validTo: days(2) })
    const facts = tlsFacts([certificate(), intermediate, root], now, 'shop.test', { trust: 'trusted' })
    expect(facts.nearest).toMatchObject({ certificate: { serial: '02' }, severity: 'critical' })
    expect(facts.faults).toEqual([])
  })
})

describe('what is wrong', () => {
  const faults = (chain: CertificateFacts[], trust: Trust = 'trusted', host = 'shop.test') =>
    tlsFacts(chain, now, host, { trust }).faults
  test.each([
    ['nothing', [certificate()], 'trusted', []],
    ['expired', [certificate({ validTo: days(-1) })], 'untrusted', ['expired', 'untrusted']],
    ['an expired intermediate', [certificate(), certificate({ validTo: days(-1) })], 'trusted', ['expired']],
    ['too early', [certificate({ validFrom: days(1) })], 'trusted', ['not_yet_valid']],
    ['unknown issuer', [certificate()], 'untrusted', ['untrusted']],
    ['signed by itself', [certificate({ selfSigned: true })], 'untrusted', ['untrusted']],
    ['no intermediate', [certificate()], 'incomplete', ['missing_intermediate']],
    ['SHA-1', [certificate({ signatureAlgorithm: 'sha1WithRSAEncryption' })], 'trusted', ['sha1']],
    ['SHA-1 with ECDSA', [certificate({ signatureAlgorithm: 'ecdsa-with-SHA1' })], 'trusted', ['sha1']],
    ['MD5', [certificate({ signatureAlgorithm: 'md5WithRSAEncryption' })], 'trusted', ['sha1']],
    ['SHA-512', [certificate({ signatureAlgorithm: 'ecdsa-with-SHA512' })], 'trusted', []],
    ['nothing presented', [], 'not_checked', []],
  ] as [string, CertificateFacts[], Trust, string[]][])('%s', (_name, chain, trust, expected) =>
    expect(faults(chain, trust)).toEqual(expected),
  )

  test.each([
    ['shop.test', true],
    ['SHOP.test', true],
    ['shop.test.', true],
    ['www.shop.test', true],
    ['a.b.shop.test', false],
    ['othershop.test', false],
    ['test', false],
    ['127.0.0.1', false],
  ])('the name %s: %s', (host, fits) => expect(faults([certificate()], 'trusted', host)).toEqual(fits ? [] : ['name_mismatch']))

  test('names of other scripts', () =>
    expect(faults([certificate({ names: ['xn--bcher-kva.test'] })], 'trusted', 'Bücher.test')).toEqual([]))

  test('addresses match addresses only', () => {
    expect(faults([certificate({ names: ['127.0.0.1', '::1'] })], 'trusted', '[0:0::1]')).toEqual([])
    expect(faults([certificate({ names: ['*.0.0.1'] })], 'trusted', '127.0.0.1')).toEqual(['name_mismatch'])
    expect(faults([certificate({ names: ['*.com'] })], 'trusted', 'shop.com')).toEqual(['name_mismatch'])
  })
})
