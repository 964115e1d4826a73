import { describe, expect, test } from '@jest/globals'
import { createPageDecoder } from './charset.ts'

const decode = (bytes: Buffer, contentType: string | null, pieceLength = bytes.length || 1) => {
  const decoder = createPageDecoder(contentType)
  let text = ''
  for (let from = 0; from < bytes.length; from += pieceLength) text += decoder.write(bytes.subarray(from, from + pieceLength))
  return text + decoder.end()
}
const utf8 = (text: string) => Buffer.from(text, 'utf8')
const latin = (text: string) => Buffer.from(text, 'latin1')
const utf16 = (text: string) => Buffer.from(text, 'utf16le')
const utf16be = (text: string) => utf16(text).swap16()
const pad = (length: number) => `<!-- ${'x'.repeat(length)} -->`

describe('the charset of a page', () => {
  test.each([
    ['nothing at all', utf8(''), null, ''],
    ['UTF-8 that nobody declared', utf8('<p>Käse 日本</p>'), 'text/html', '<p>Käse 日本</p>'],
    ['windows-1252 that nobody declared', latin('<p>K\xe4se \x80</p>'), 'text/html', '<p>Käse €</p>'],
    ['the same far behind', latin(`${'x'.repeat(5_000)}K\xe4se`), null, `${'x'.repeat(5_000)}Käse`],
    ['UTF-8 far behind', utf8(`${'x'.repeat(5_000)}Käse`), null, `${'x'.repeat(5_000)}Käse`],
    ['byte order mark', utf8('\ufeffä'), 'text/html; charset=iso-8859-1', 'ä'],
    ['UTF-16', utf16('\ufeffä'), 'text/html; charset=utf-8', 'ä'],
    ['UTF-16, the other way round', utf16be('\ufeffä'), null, 'ä'],
    ['UTF-16 by header', utf16('<p>ä'), 'text/html;charset=UTF-16LE', '<p>ä'],
    ['UTF-16 by XML declaration', utf16('<?xml version="1.0"?>ä'), null, '<?xml version="1.0"?>ä'],
    ['header', latin('\xe4'), 'text/html; Charset="ISO-8859-1"', 'ä'],
    ['header in quotes', latin('\xe1'), "text/html; charset='iso-8859-2'", 'á'],
    ['header before meta', utf8('<meta charset=iso-8859-1>ä'), 'text/html; charset=utf-8', '<meta charset=iso-8859-1>ä'],
    ['unknown header', latin('<meta charset=iso-8859-5>\xd0'), 'text/html; charset=klingon', '<meta charset=iso-8859-5>а'],
    ['ISO-8859-1 is windows-1252', latin('\x80'), 'text/html; charset=iso-8859-1', '€'],
    ['meta', latin('<META CHARSET = "windows-1251">\xc0'), null, '<META CHARSET = "windows-1251">А'],
    [
      'meta with http-equiv',
      latin('<meta content="text/html; charset=koi8-r" http-equiv=Content-Type>\xc1'),
      null,
      '<meta content="text/html; charset=koi8-r" http-equiv=Content-Type>а',
    ],
    [
      'a content type of something else',
      utf8('<meta name=x content="charset=koi8-r">ä'),
      null,
      '<meta name=x content="charset=koi8-r">ä',
    ],
    ['meta in a comment', utf8('<!-- <meta charset=koi8-r> -->ä'), null, '<!-- <meta charset=koi8-r> -->ä'],
    ['meta too far behind', utf8(`${pad(1_100)}<meta charset=koi8-r>ä`), null, `${pad(1_100)}<meta charset=koi8-r>ä`],
    ['meta that cannot be true', utf8('<meta charset=utf-16>ä'), null, '<meta charset=utf-16>ä'],
    [
      'Shift_JIS',
      Buffer.from('3c6d65746120636861727365743d736869' + '66745f6a69733e93fa967b', 'hex'),
      null,
      '<meta charset=shift_jis>日本',
    ],
    [
      'XML declaration',
      latin('<?xml version="1.0" encoding="iso-8859-1"?>\xe4'),
      null,
      '<?xml version="1.0" encoding="iso-8859-1"?>ä',
    ],
    ['declared UTF-8 that is none', latin('<meta charset=utf-8>\xe4.'), null, '<meta charset=utf-8>\ufffd.'],
    ['UTF-8 that ends too early', utf8('ä日').subarray(0, 4), 'text/html; charset=utf-8', 'ä\ufffd'],
  ])('%s', (_name, bytes, contentType, expected) => {
    expect(decode(bytes, contentType)).toBe(expected)
    for (const length of [1, 3, 1_000]) expect(decode(bytes, contentType, length)).toBe(expected)
  })
})
