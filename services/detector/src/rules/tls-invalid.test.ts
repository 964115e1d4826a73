import { describe, expect, test } from '@jest/globals'
import { findingOf, lookContext, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { certificate, days, tls, trusting } from './fixtures-tls.ts'
import { tlsInvalid } from './tls-invalid.ts'

const good = certificate()
const expired = certificate({ validTo: days(-1) })
const watched = watching('tls.invalid', 'shop.test:expired')
const judge = (host: ReturnType<typeof tls>, context: Parameters<typeof siteContext>[0] = {}) =>
  tlsInvalid.judge(seen({}, [host]), siteContext(context))
const lines = (...input: Parameters<typeof judge>) => judge(...input).map((each) => `${each.subject} ${short(each)}`)

describe('a host', () => {
  test.each([
    ['is well', tls([good]), {}, []],
    ['has expired', tls([expired]), {}, ['shop.test:expired bad critical']],
    ['has expired on one address', tls([good], [expired]), {}, ['shop.test:expired bad critical']],
    ['has another name', tls([certificate({ names: ['other.test'] })]), {}, ['shop.test:name_mismatch bad critical']],
    [
      'is signed by itself',
      trusting(tls([certificate({ selfSigned: true })]), 'untrusted'),
      {},
      ['shop.test:untrusted bad critical'],
    ],
    ['lacks an intermediate', trusting(tls([good]), 'incomplete'), {}, ['shop.test:missing_intermediate bad critical']],
    [
      'is signed with SHA-1',
      tls([certificate({ signatureAlgorithm: 'sha1WithRSAEncryption' })]),
      {},
      ['shop.test:sha1 bad high'],
    ],
    ['does not answer', tls('timeout'), {}, []],
    ['is well again', tls([good]), { watched }, ['shop.test:expired ok']],
    ['is well on one address, the other does not answer', tls([good], 'timeout'), { watched }, ['shop.test:expired unknown']],
    ['does not answer, and is waited for', tls('timeout'), { watched }, ['shop.test:expired unknown']],
  ])('%s', (_name, host, context, expected) => expect(lines(host, context)).toEqual(expected))

  test('says what was shown and where', () =>
    expect(judge(tls([good], [expired]))).toMatchObject([
      {
        title: 'Certificate has expired: shop.test',
        description: expect.stringContaining('on 1 of 2 addresses'),
        evidence: { fault: 'expired', address: '192.0.2.2', chain: [{ serial: '01', validTo: days(-1).toISOString() }] },
      },
    ]))
})

test.each([
  ['still', tls([expired]), 'bad critical'],
  ['valid', tls([good]), 'ok'],
  ['no answer', tls('timeout'), 'unknown'],
])('looking again: %s', async (_name, host, expected) => {
  const finding = findingOf(judge(tls([expired]))[0])
  expect(short(await tlsInvalid.lookAgain(finding, probes({ tls: host }), lookContext()))).toBe(expected)
})
