import { describe, expect, test } from '@jest/globals'
import { findingOf, lookContext, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { certificate, days, tls } from './fixtures-tls.ts'
import { tlsExpiry } from './tls-expiry.ts'

const near = certificate({ serial: '0A', validFrom: days(-80), validTo: days(10) })
const fresh = certificate({ serial: '0B' })
const watched = watching('tls.expiry', 'shop.test:0A')
const lines = (host: ReturnType<typeof tls>, context: Parameters<typeof siteContext>[0] = {}) =>
  tlsExpiry.judge(seen({}, [host]), siteContext(context)).map((each) => `${each.subject} ${short(each)}`)

describe('a host', () => {
  test.each([
    ['has time enough', tls([fresh]), {}, []],
    ['is near its end', tls([near]), {}, ['shop.test:0A bad high']],
    ['is near its end on one address', tls([fresh], [near]), {}, ['shop.test:0A bad high']],
    ['has an intermediate near its end', tls([fresh, near]), {}, ['shop.test:0A bad high']],
    ['has expired, which tls.invalid tells', tls([certificate({ validTo: days(-1) })]), {}, []],
    [
      'has expired while it was watched',
      tls([certificate({ serial: '0A', validTo: days(-1) })]),
      { watched },
      ['shop.test:0A bad critical'],
    ],
    ['has a new one', tls([fresh]), { watched }, ['shop.test:0A ok']],
    ['has a new one on some addresses', tls([fresh], [near]), { watched }, ['shop.test:0A bad high']],
    ['has an address that does not answer', tls([fresh], 'timeout'), { watched }, ['shop.test:0A unknown']],
    ['cannot be found', tls('dns'), { watched }, ['shop.test:0A unknown']],
  ])('%s', (_name, host, context, expected) => expect(lines(host, context)).toEqual(expected))

  test('an IPv6 address that we cannot reach decides nothing', () => {
    const host = tls([fresh], 'timeout')
    const [first, second] = host.addresses
    if (!first || !second) throw new Error('Two addresses were made.')
    const beyond = { ...second, address: '2001:db8::1', detail: 'ENETUNREACH: connect ENETUNREACH' }
    expect(lines({ ...host, addresses: [first, beyond] }, { watched })).toEqual(['shop.test:0A ok'])
  })

  test('says which certificate, until when and where', () => {
    const [verdict] = tlsExpiry.judge(seen({}, [tls([near], [fresh])]), siteContext())
    expect(verdict).toMatchObject({
      description: `The certificate of shop.test expires in 10 days, at ${days(10).toISOString()}, on 1 of 2 addresses.`,
      evidence: {
        certificate: { serial: '0A', validTo: days(10).toISOString(), issuer: 'CN=Test CA' },
        lifetimeDays: 90,
        addresses: ['192.0.2.1'],
      },
      look: { kind: 'tls', urls: ['https://shop.test/'] },
    })
  })
})

test.each([
  ['still', tls([near]), 'bad high'],
  ['renewed', tls([fresh]), 'ok'],
  ['no answer', tls('timeout'), 'unknown'],
])('looking again: %s', async (_name, host, expected) => {
  const finding = findingOf(tlsExpiry.judge(seen({}, [tls([near])]), siteContext())[0])
  expect(short(await tlsExpiry.lookAgain(finding, probes({ tls: host }), lookContext()))).toBe(expected)
})
