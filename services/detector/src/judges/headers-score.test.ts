import { describe, expect, test } from '@jest/globals'
import { headersScore, type ScoredHeader } from './headers-score.ts'

const url = 'https://shop.test/'
const finding = (header: ScoredHeader, value: string | string[], more: Record<string, string> = {}) => {
  const { modifier, result } = headersScore({ ...more, [header]: value }, url).findings[header]
  return `${modifier} ${result}`
}

describe('Content-Security-Policy', () => {
  test.each([
    ["default-src 'none'; script-src 'self'; style-src 'self'", '10 default_none'],
    ["default-src 'self'", '5 no_unsafe'],
    ["default-src 'self'; style-src 'self' 'unsafe-inline'", '0 unsafe_inline_style'],
    ["default-src 'self'; img-src http://img.test", '-10 insecure_passive'],
    ["default-src 'self'; script-src 'self' 'unsafe-eval'", '-10 unsafe_eval'],
    ["default-src 'self'; script-src http://cdn.test", '-20 insecure_scheme'],
    ["default-src 'self' 'unsafe-inline'", '-20 unsafe_inline'],
    ["default-src 'self'; script-src 'unsafe-inline' 'nonce-abc'", '5 no_unsafe'],
    ["default-src 'self'; script-src 'strict-dynamic' 'nonce-abc' https: 'unsafe-inline'", '5 no_unsafe'],
    ['default-src *', '-20 unsafe_inline'],
    ['default-src https:', '-20 unsafe_inline'],
    ["img-src 'self'", '-20 unsafe_inline'],
    ["script-src 'self'; script-src 'self'; object-src 'none'; style-src 'self'", '-25 invalid'],
    ["default-src 'self'; report-uri /a; report-uri /b", '0 repeated_directives'],
    ["default-src 'self'; script-src 'strict-dynamic' https:", '-25 invalid'],
    ["default-src 'self'; script-src 'strict-dynamic' 'nonce-a' 'self' https://*", '5 no_unsafe'],
    ["default-src 'self'; script-src 'self' data:", '-20 unsafe_inline'],
    ["default-src 'self'; style-src 'self' 'unsafe-inline' 'nonce-a'", '5 no_unsafe'],
    ["default-src 'self'; style-src 'unsafe-eval'", '-10 unsafe_eval'],
    ["default-src 'self'; frame-src http://video.test", '-20 insecure_scheme'],
    ["default-src 'self'; base-uri https:; object-src 'none' https:", '-20 unsafe_inline'],
    ['default-src', '10 default_none'],
    ["DEFAULT-SRC 'NONE'", '10 default_none'],
    ['upgrade-insecure-requests', '-20 unsafe_inline'],
    ['  ', '-25 missing'],
    ['!!!', '-25 invalid'],
    ["default-src 'self' 'unsafe-inline', default-src 'self'", '5 no_unsafe'],
    ["default-src https:, default-src 'self'", '10 default_none'],
    ["upgrade-insecure-requests, script-src 'self' 'unsafe-inline'; object-src 'none'", '-20 unsafe_inline'],
    ["frame-ancestors 'self'\ndefault-src 'self'; style-src 'unsafe-inline'", '0 unsafe_inline_style'],
    ["script-src 'self' 'unsafe-inline'; object-src 'none', default-src 'self'", '5 no_unsafe'],
    [
      "script-src https://cdn.test/a/ https://x.test, default-src https://cdn.test/a/b/c.js 'self'; style-src 'self'",
      '5 no_unsafe',
    ],
    ["default-src 'self', x", '5 no_unsafe'],
    [';;; ;;;', '-25 missing'],
    ["default-src 'self'; img-src http:; report-uri /a; report-uri /b", '0 repeated_directives'],
  ])('%s → %s', (value, expected) => expect(finding('content-security-policy', value)).toBe(expected))
})

describe('the others', () => {
  test.each<[ScoredHeader, string | string[], string]>([
    ['strict-transport-security', 'max-age=31536000', '0 ok'],
    ['strict-transport-security', 'Max-Age="63072000"; includeSubDomains; preload', '0 ok'],
    ['strict-transport-security', 'max-age=15552000', '0 ok'],
    ['strict-transport-security', 'max-age=31536000, max-age=31536000', '-20 invalid'],
    ['strict-transport-security', 'max-age=often', '-20 invalid'],
    ['strict-transport-security', 'max-age=86400', '-10 too_short'],
    ['strict-transport-security', 'max-age=0', '-10 switched_off'],
    ['strict-transport-security', 'includeSubDomains', '-20 invalid'],
    ['x-frame-options', 'DENY', '0 deny'],
    ['x-frame-options', ' SameOrigin ', '0 sameorigin'],
    ['x-frame-options', 'ALLOW-FROM https://x.test', '0 allow_from'],
    ['x-frame-options', 'ALLOWALL', '-20 invalid'],
    ['x-content-type-options', 'nosniff', '0 ok'],
    ['x-frame-options', 'SAMEORIGIN, SAMEORIGIN', '-20 invalid'],
    ['x-frame-options', '', '-20 missing'],
    ['x-content-type-options', 'nosniff, nosniff', '-5 invalid'],
    ['x-content-type-options', 'no', '-5 invalid'],
    ['referrer-policy', 'no-referrer', '5 private'],
    ['referrer-policy', 'unsafe-url', '-5 unsafe'],
    ['referrer-policy', 'unsafe-url, strict-origin-when-cross-origin', '5 private'],
    ['referrer-policy', 'x', '-5 invalid'],
    ['set-cookie', ['a=1; Secure'], '0 ok'],
    ['set-cookie', ['a=1; Secure; SameSite=Lax'], '5 samesite'],
    ['set-cookie', ['a=1; Secure; SameSite=odd'], '-20 samesite_invalid'],
    ['set-cookie', ['a=1'], '-20 not_secure'],
    ['set-cookie', ['a=1; Secure', 'PHPSESSID=x; HttpOnly'], '-40 session_not_secure'],
    ['set-cookie', ['session_id=x; Secure'], '-30 session_readable_by_scripts'],
    ['set-cookie', ['session_id=x; Secure', 'session_id=x; Secure; HttpOnly'], '0 ok'],
    ['set-cookie', ['a=1; Secure; SameSite=None'], '5 samesite'],
    ['set-cookie', 'a=1; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT, b=2', '-20 not_secure'],
    ['set-cookie', 'a=1; Secure; Expires=Wed, 21 Oct 2026 07:28:00 GMT; SameSite=Lax', '5 samesite'],
    ['set-cookie', ['csrftoken=x; Secure'], '-20 csrf_without_samesite'],
    ['set-cookie', ['a=1; Secure; SameSite=None', 'b=2; Domain=other.test'], '5 samesite'],
    ['set-cookie', ['__Secure-a=1', '=nameless', '__Host-b=1; Secure; Domain=shop.test'], '0 none'],
    ['set-cookie', ['heroku-session-affinity=x'], '0 none'],
    ['set-cookie', ['a=1; Domain=.SHOP.TEST; Secure'], '0 ok'],
    ['set-cookie', ['a=1; Domain=test', 'b=1; Domain=.test'], '0 none'],
    ['set-cookie', ['__Host-a=1; Secure; Path=/; Domain='], '0 ok'],
    ['set-cookie', 'a=1; Secure; SameSite=Lax\nb=2; Secure', '0 ok'],
    ['access-control-allow-origin', '*', '0 public'],
    ['cross-origin-resource-policy', 'Same-Origin', '10 same_origin'],
    ['cross-origin-resource-policy', 'same-site', '10 same_site'],
    ['cross-origin-resource-policy', 'cross-origin', '0 cross_origin'],
    ['cross-origin-resource-policy', 'none', '-5 invalid'],
  ])('%s: %s → %s', (header, value, expected) => expect(finding(header, value)).toBe(expected))

  test('frame-ancestors stands in for X-Frame-Options, and HSTS protects cookies', () => {
    const headers = {
      'content-security-policy': "frame-ancestors 'self'",
      'strict-transport-security': 'max-age=31536000',
      'set-cookie': 'sess=1; HttpOnly',
    }
    const { findings } = headersScore(headers, url)
    expect(findings['x-frame-options']).toEqual({ modifier: 5, result: 'by_policy' })
    expect(findings['set-cookie']).toEqual({ modifier: -10, result: 'session_not_secure' })
  })

  test('a policy that only reports protects nobody', () =>
    expect(
      headersScore({ 'Content-Security-Policy-Report-Only': "default-src 'self'" }, url).findings['content-security-policy'],
    ).toEqual({ modifier: -25, result: 'report_only' }))

  test('some domains are https by themselves', () => {
    expect(headersScore({}, 'https://shop.dev/').findings['strict-transport-security']).toEqual({
      modifier: 5,
      result: 'preloaded',
    })
    expect(headersScore({}, 'http://shop.dev/').findings['strict-transport-security']).toEqual({
      modifier: -20,
      result: 'no_https',
    })
  })

  test('nobody sets a cookie for a whole suffix', () => {
    const cookies = { 'set-cookie': ['a=1; Domain=.co.uk', 'b=1; Domain=github.io'] }
    for (const host of ['shop.co.uk', 'mine.github.io'])
      expect(headersScore(cookies, `https://${host}/`).findings['set-cookie'].result).toBe('none')
    expect(headersScore(cookies, 'https://github.io/').findings['set-cookie'].result).toBe('not_secure')
  })

  test('credentials for everybody', () =>
    expect(finding('access-control-allow-origin', 'null', { 'access-control-allow-credentials': 'true' })).toBe('-50 universal'))
})

describe('the sum', () => {
  test('nothing set', () => expect(headersScore({}, url).score).toBe(30))
  test('never below nothing', () =>
    expect(
      headersScore(
        { 'set-cookie': 'sess=1', 'access-control-allow-origin': 'null', 'access-control-allow-credentials': 'true' },
        'http://shop.test/',
      ).score,
    ).toBe(0))
  test('praise counts only near the top', () => {
    const good = {
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
      'Strict-Transport-Security': 'max-age=31536000',
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    }
    expect(headersScore(good, url).score).toBe(120)
    expect(headersScore({ ...good, 'Strict-Transport-Security': 'x' }, url).score).toBe(80)
    expect(headersScore({ ...good, 'Strict-Transport-Security': 'max-age=1' }, url).score).toBe(110)
  })
})
