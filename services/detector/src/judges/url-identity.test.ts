import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { urlAddress } from './url-address.ts'
import { urlIdentity } from './url-identity.ts'

test.each([
  ['HTTP://Example.com:80/%7Ea#b', 'http://example.com/~a'],
  ['https://example.com//a///b/', 'https://example.com/a/b/'],
  ['https://example.com/a/..//b', 'https://example.com/b'],
  ['https://example.com/saved/http://shop.test//x', 'https://example.com/saved/http:/shop.test/x'],
  ['https://example.com/a?to=http://shop.test//x', 'https://example.com/a?to=http://shop.test//x'],
  ['https://example.com/?b=2&a=1', 'https://example.com/?a=1&b=2'],
  ['https://example.com/?b=2&utm_source=x&B=3&a=1', 'https://example.com/?B=3&a=1&b=2'],
  ['https://example.com/?b=2&a=2&a=1', 'https://example.com/?a=2&a=1&b=2'],
  ['https://example.com/?b=&a', 'https://example.com/?a&b'],
  ['https://example.com/?a==&b=1=', 'https://example.com/?a==&b=1='],
  ['https://example.com/?=1&a=1&', 'https://example.com/?a=1'],
  ['https://example.com/?=1&=', 'https://example.com/'],
  ['https://example.com/?one/two%2Fthree', 'https://example.com/?one/two%2Fthree'],
  ['https://example.com/?q=a;b', 'https://example.com/?q=a;b'],
])('%s → %s', (address, identity) => expect(urlIdentity(address)).toBe(identity))

test.each(['mailto:a@example.com', 'example.com/a', 'https://', ''])('%p has none', (address) =>
  expect(urlIdentity(address)).toBeNull(),
)

test('is its own identity, and that of its address, however it is spelled', () => {
  const piece = fc.constantFrom('a', 'b', '=', '&', '/', '//', '?', '%41', '%2f', '.', '..', ' ', 'ä', 'utm_source=1', '#', ';')
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const written = `https://example.com/${pieces.join('')}`
      const identity = urlIdentity(written)
      expect(identity).not.toBeNull()
      expect(urlIdentity(identity ?? '')).toBe(identity)
      expect(urlIdentity(urlAddress(written) ?? '')).toBe(identity)
    }),
    { numRuns: 2_000 },
  )
})
