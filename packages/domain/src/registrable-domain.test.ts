import { expect, test } from '@jest/globals'
import { registrableDomain } from './registrable-domain.ts'

test.each([
  ['shop.example', 'shop.example'],
  ['https://www.Shop.co.uk:8443/a?b#c', 'shop.co.uk'],
  ['a.b.c.shop.com.', 'shop.com'],
  ['mine.github.io', 'mine.github.io'],
  ['bücher.de', 'xn--bcher-kva.de'],
  ['127.0.0.1', null],
  ['[::1]', null],
  ['localhost', null],
  ['co.uk', null],
  ['', null],
  ['not a host', null],
])('%s → %s', (given, domain) => {
  expect(registrableDomain(given)).toBe(domain)
})
