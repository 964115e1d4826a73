import { describe, expect, test } from '@jest/globals'
import { isBot } from './bots.ts'
import { mayReport } from './may-report.ts'
import { knownTemplate, pathTemplate } from './path-template.ts'

describe('who may report', () => {
  const site = { url: 'https://www.shop.example/', allowedOrigins: ['https://checkout.example'] }
  test.each([
    ['https://www.shop.example', true],
    ['https://shop.example', true],
    ['http://shop.example:8080', true],
    ['https://m.shop.example', true],
    ['https://checkout.example', true],
    ['http://checkout.example', false],
    ['https://evilshop.example', false],
    ['https://shop.example.evil.test', false],
    ['https://example', false],
    ['null', false],
    ['file://', false],
    [undefined, false],
  ])('%s: %s', (origin, may) => expect(mayReport(site, origin)).toBe(may))
})

test.each([
  ['Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36', false],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    false,
  ],
  [
    'Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36',
    false,
  ],
  ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', true],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/156.0.0.0 Safari/537.36', true],
  ['Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36 Chrome-Lighthouse', true],
  ['curl/8.0', true],
  ['', true],
  [undefined, true],
])('%s is a bot: %s', (userAgent, bot) => expect(isBot(userAgent)).toBe(bot))

test.each([
  ['/', '/'],
  ['/about', '/about'],
  ['/products/red-shoe-12', '/products/{slug}'],
  ['/orders/123456', '/orders/{n}'],
  ['/users/jane.doe@example.com', '/users/{slug}'],
  ['/jane@example.com', '/{slug}'],
  ['/jane%40example.com/profile', '/{slug}/{slug}'],
  ['/reset/4f9d8a7b6c5e4f3a2b1c', '/reset/{id}'],
  [`/${'very-long/'.repeat(40)}`, '{other}'],
  ['//evil.example/x', '//evil.example/{slug}'],
])('%s is counted as %s', (path, template) => expect(pathTemplate(path)).toBe(template))

test('a site has so many templates, and then no more', () => {
  const templates = new Set<string>()
  for (let n = 0; n < 500; n += 1) knownTemplate(templates, `/section${n}`)
  expect(templates.size).toBe(100)
  expect(knownTemplate(templates, '/section7')).toBe('/section7')
  expect(knownTemplate(templates, '/section300')).toBe('{other}')
})
