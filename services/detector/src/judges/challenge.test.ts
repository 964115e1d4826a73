import { describe, expect, test } from '@jest/globals'
import { isChallenge, isRateLimit } from './challenge.ts'
import { retryAfterSeconds } from './retry-after.ts'

describe('walls against bots', () => {
  test.each([
    ['Cloudflare by header', 403, { 'cf-mitigated': 'challenge' }, null, '', true],
    ['Cloudflare by title', 503, {}, 'Just a moment...', '', true],
    ['Cloudflare by script', 403, {}, null, '<script src="/cdn-cgi/challenge-platform/h/b">', true],
    ['AWS', 202, { 'x-amzn-waf-action': 'challenge' }, null, '', true],
    ['DataDome', 403, {}, 'shop.test', 'https://geo.captcha-delivery.com/captcha', true],
    ['Imperva', 403, {}, null, '<iframe src="/_Incapsula_Resource?x">', true],
    ['with 200', 200, {}, 'Just a moment...', 'window._cf_chl_opt', true],
    ['a page about captchas', 200, {}, 'Captchas compared', 'captcha-delivery.com', false],
    ['a page of that title', 200, {}, 'Access denied', 'a film', false],
    ['a plain 403', 403, {}, 'Forbidden', 'You may not', false],
    ['a plain 503', 503, {}, 'Maintenance', 'Back soon', false],
    ['a 404 behind Cloudflare', 404, {}, 'Not found', '/cdn-cgi/challenge-platform/', false],
  ])('%s', (_name, status, headers, title, beginning, expected) =>
    expect(isChallenge(status, headers, title, beginning)).toBe(expected),
  )

  test('429 and 999 speak of us', () => expect([429, 999, 403, 503].map(isRateLimit)).toEqual([true, true, false, false]))
})

describe('Retry-After', () => {
  const now = new Date('2026-11-20T12:00:00Z')
  test.each([
    ['120', 120],
    [' 0 ', 0],
    ['Fri, 20 Nov 2026 12:01:30 GMT', 90],
    ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
    ['soon', null],
    ['-5', null],
    ['', null],
    [undefined, null],
    [['7', '9'], 7],
  ])('%j → %j', (header, seconds) => expect(retryAfterSeconds(header, now)).toBe(seconds))
})
