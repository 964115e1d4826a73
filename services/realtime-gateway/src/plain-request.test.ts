import { expect, test } from '@jest/globals'
import { readPlainRequest } from './plain-request.ts'

const read = (text: string) => readPlainRequest(Buffer.from(text, 'latin1'))
const ordinary = 'GET /v1/stream?events=threat.* HTTP/1.1\r\nHost: a.example\r\nLast-Event-ID: 7 \r\nCookie: a=b; c=d\r\n\r\n'

test('an ordinary request is read', () =>
  expect(read(ordinary)).toEqual({
    target: '/v1/stream?events=threat.*',
    headers: { host: 'a.example', 'last-event-id': '7', cookie: 'a=b; c=d' },
  }))

test.each([
  ['the middle of a head', ordinary.slice(0, -1)],
  ['a second request behind it', ordinary + ordinary],
  ['another method', ordinary.replace('GET', 'POST')],
  ['an old version', ordinary.replace('1.1', '1.0')],
  ['an absolute target', ordinary.replace('/v1', 'http://a.example/v1')],
  ['no host', ordinary.replace('Host', 'Ghost')],
  ['a body', ordinary.replace('Cookie: a=b; c=d', 'Content-Length: 3')],
  ['a chunked body', ordinary.replace('Cookie: a=b; c=d', 'Transfer-Encoding: chunked')],
  ['an upgrade', ordinary.replace('Cookie: a=b; c=d', 'Upgrade: websocket')],
  ['a header twice', ordinary.replace('Cookie: a=b; c=d', 'Last-Event-ID: 8')],
  ['a folded line', ordinary.replace('Cookie:', ' Cookie:')],
  ['a space before the colon', ordinary.replace('Cookie:', 'Cookie :')],
  ['bare line feeds', ordinary.replaceAll('\r\n', '\n')],
  ['a line feed in a value', ordinary.replace('a=b', 'a\nb')],
  ['a zero byte', ordinary.replace('a=b', 'a\0b')],
  ['other than ASCII', ordinary.replace('a=b', 'a=\xe9')],
  ['a head that is too long', ordinary.replace('a=b', 'x'.repeat(9_000))],
  ['noise', '\x16\x03\x01\x02\x00\x01\x00'],
])('%s is left to the other parser', (_, text) => expect(read(text)).toBeNull())
