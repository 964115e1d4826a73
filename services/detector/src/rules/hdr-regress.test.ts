import { expect, test } from '@jest/globals'
import { headersScore } from '../judges/headers-score.ts'
import { at, findingOf, home, lookContext, page, probes, seen, short, siteContext, watching } from './fixtures.ts'
import { hdrRegress } from './hdr-regress.ts'
import { rememberSite } from './remember.ts'
import { emptySiteMemory } from './site-memory.ts'

const good = {
  'content-security-policy': "default-src 'self'; frame-ancestors 'none'",
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}
type Headers = Record<string, string | string[]>
const without = (name: keyof typeof good): Headers => Object.fromEntries(Object.entries(good).filter(([each]) => each !== name))
const sampled = (...pages: Headers[]) => ({
  headerSamples: pages.map((headers, n) => ({ url: at(`/${n}`), host: 'shop.test', score: headersScore(headers, home) })),
})
const memory = rememberSite(emptySiteMemory, seen(sampled(good)), siteContext())
const judge = (pages: Headers[], context: Parameters<typeof siteContext>[0] = {}) =>
  hdrRegress.judge(seen(sampled(...pages)), siteContext({ memory, ...context }))
const lines = (...input: Parameters<typeof judge>) => judge(...input).map((each) => `${each.subject} ${short(each)}`)

test.each<[string, Headers[], string[]]>([
  ['all as it was', [good, good], []],
  [
    'no policy',
    [without('content-security-policy')],
    ['shop.test:content-security-policy bad high', 'shop.test:x-frame-options bad high'],
  ],
  ['no sniffing protection', [without('x-content-type-options')], ['shop.test:x-content-type-options bad medium']],
  ['one page still has it', [without('strict-transport-security'), good], []],
  [
    'no page has it',
    [without('strict-transport-security'), without('strict-transport-security')],
    ['shop.test:strict-transport-security bad high'],
  ],
  [
    'a shorter time',
    [{ ...good, 'strict-transport-security': 'max-age=60' }],
    ['shop.test:strict-transport-security bad medium'],
  ],
  ['no cookie is no fault', [good], []],
])('%s', (_name, pages, expected) => expect(lines(pages)).toEqual(expected))

test('what is missing on day one is listed, and is no regression later', () => {
  const bare = [without('x-content-type-options')]
  const firstDay = { memory: emptySiteMemory, baseline: true }
  expect(lines(bare, firstDay)).toEqual(['shop.test:x-content-type-options bad medium'])
  const after = rememberSite(emptySiteMemory, seen(sampled(...bare)), siteContext())
  expect(lines(bare, { memory: after })).toEqual([])
  const watched = watching('hdr.regress', 'shop.test:x-content-type-options', 'hygiene')
  expect(lines(bare, { memory: after, watched })).toEqual(['shop.test:x-content-type-options bad medium'])
  expect(lines([good], { memory: after, watched })).toEqual(['shop.test:x-content-type-options ok'])
})

test('is over when it is as strong as before', () => {
  const watched = watching('hdr.regress', 'shop.test:strict-transport-security')
  expect(lines([good], { watched })).toEqual(['shop.test:strict-transport-security ok'])
})

test.each<[string, Headers | null, string]>([
  ['still', without('strict-transport-security'), 'bad high'],
  ['restored', good, 'ok'],
  ['not seen', null, 'unknown'],
])('looking again: %s', async (_name, headers, expected) => {
  const missing = without('strict-transport-security')
  const [verdict] = judge([missing, missing])
  expect(verdict?.look).toEqual({ kind: 'page', urls: [at('/0'), at('/1')] })
  const pages = ['/0', '/1'].map((path) => page({ url: at(path), headerScore: headers && headersScore(headers, home) }))
  const context = lookContext({ memory })
  expect(short(await hdrRegress.lookAgain(findingOf(verdict), probes({ pages }), context))).toBe(expected)
})
