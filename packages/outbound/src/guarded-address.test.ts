import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { allowedAddress, isPublicAddress, parseCidrs } from './guarded-address.ts'

describe('isPublicAddress', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '168.63.129.15',
    '223.255.255.255',
    '2606:4700::1111',
    '2a00:1450:4001::200e',
    '2001:4860:4860::8888',
    '2600::5eff:7f00:1',
  ])('%s is public', (ip) => expect(isPublicAddress(ip)).toBe(true))

  test.each([
    ['unspecified', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '172.31.255.255'],
    ['private', '192.168.1.1'],
    ['carrier grade NAT', '100.64.0.1'],
    ['metadata of a cloud inside CGNAT', '100.100.100.200'],
    ['loopback', '127.0.0.1'],
    ['loopback', '127.255.255.254'],
    ['link-local', '169.254.1.1'],
    ['metadata', '169.254.169.254'],
    ['Azure host', '168.63.129.16'],
    ['protocol assignments', '192.0.0.192'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.7'],
    ['documentation', '203.0.113.9'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarks', '198.18.0.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.250'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['loopback', '::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped', '::ffff:8.8.8.8'],
    ['IPv4-mapped', '::ffff:7f00:1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['IPv4-compatible', '::7f00:1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['ISATAP without prefix', '::5efe:7f00:1'],
    ['ISATAP behind a public prefix', '2600::5efe:127.0.0.1'],
    ['ISATAP, universal bit', '2600::200:5efe:10.0.0.1'],
    ['NAT64', '64:ff9b::7f00:1'],
    ['NAT64, local', '64:ff9b:1::10.0.0.1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:7f00:1::'],
    ['ORCHID', '2001:10::1'],
    ['documentation', '2001:db8::1'],
    ['documentation', '3fff::1'],
    ['discard', '100::1'],
    ['unique local', 'fc00::1'],
    ['metadata', 'fd00:ec2::254'],
    ['link-local', 'fe80::1'],
    ['link-local with a zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['segment routing', '5f00::1'],
    ['a name', 'localhost'],
    ['octal', '0177.0.0.1'],
    ['decimal', '2130706433'],
    ['hexadecimal', '0x7f.1'],
    ['empty', ''],
  ])('%s %s is not', (_kind, ip) => expect(isPublicAddress(ip)).toBe(false))

  test('what a URL makes of odd literals is judged, not how they were written', () => {
    for (const host of ['2130706433', '0177.0.0.1', '0x7f.1', '127.1', '0x7f000001', '017700000001', '127。0。0。1', '①②⑦.0.0.1'])
      expect(isPublicAddress(new URL(`http://${host}/`).hostname)).toBe(false)
  })

  test('no private IPv4 address becomes public inside any of the IPv6 forms that carry one', () => {
    const privateIPv4 = fc
      .tuple(fc.constantFrom([10], [127], [192, 168], [169, 254]), fc.array(fc.nat(255), { minLength: 4, maxLength: 4 }))
      .map(([head, tail]) => [...head, ...tail].slice(0, 4))
    fc.assert(
      fc.property(privateIPv4, fc.nat(0xffff), (bytes, any) => {
        const [a = 0, b = 0, c = 0, d = 0] = bytes
        const hex = `${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
        const forms = ['::', '::ffff:', '64:ff9b::', `2600:${any.toString(16)}::5efe:`].map((head) => head + hex)
        return [...forms, `2002:${hex}::1`, `2001:0:${hex}::1`, bytes.join('.')].every((ip) => !isPublicAddress(ip))
      }),
      { numRuns: 300 },
    )
  })
})

describe('allowed networks', () => {
  test('open what they list and nothing else', () => {
    const cidrs = parseCidrs('127.0.0.0/8, 10.1.2.3 fd00::/8')
    for (const ip of ['127.0.0.1', '127.9.9.9', '10.1.2.3', 'fd12::1', '8.8.8.8']) expect(allowedAddress(ip, cidrs)).toBe(true)
    for (const ip of ['10.1.2.4', '::1', '::ffff:127.0.0.1', 'fe80::1', '0177.0.0.1'])
      expect(allowedAddress(ip, cidrs)).toBe(false)
  })

  test('none are none', () => expect(parseCidrs('  ')).toEqual([]))

  test.each(['10.0.0.0/33', 'fd00::/129', '10.0.0/8', 'intranet', '10.0.0.0/8/8', '10.0.0.0/-1', 'fe80::%eth0/10', '10.0.0.0/'])(
    '%s is refused',
    (text) => expect(() => parseCidrs(text)).toThrow(text),
  )
})
