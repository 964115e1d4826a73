import { expect, test } from '@jest/globals'
import { addressKey } from './rate-limit.ts'

test.each([
  { ip: '203.0.113.9', key: '203.0.113.9' },
  { ip: '::ffff:203.0.113.9', key: '203.0.113.9' },
  { ip: '2001:db8:1:2:3:4:5:6', key: '2001:db8:1:2' },
  { ip: '2001:db8:1:2::1', key: '2001:db8:1:2' },
  { ip: '2001:0db8::1', key: '2001:db8:0:0' },
  { ip: '::1', key: '0:0:0:0' },
  { ip: 'fe80::1%eth0', key: 'fe80:0:0:0' },
  { ip: 'nonsense', key: 'unknown' },
  { ip: undefined, key: 'unknown' },
])('$ip is counted as $key', ({ ip, key }) => expect(addressKey(ip)).toBe(key))
