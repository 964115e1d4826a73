import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { at, findingOf, lookContext, memory, page, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { idxConflict } from './idx-conflict.ts'

const noindex = [{ source: 'meta' as const, agent: 'robots', value: 'noindex' }]
const old = (over: Partial<PageObservation> = {}) =>
  page({ url: at('/old/a'), finalUrl: at('/old/a'), directives: noindex, ...over })
const silent = old({ status: null, fault: 'timeout', directives: [] })
const forbidsGooglebot = robots('User-agent: googlebot\nDisallow: /old/')
const forbidsAll = robots('User-agent: *\nDisallow: /old/')
const remembered = { pages: new Map([[at('/old/a'), memory({ noindex: true })]]) }
const watched = { watched: watching('idx.conflict', decodeURI(at('/old/{slug}'))) }
const judge = (file: ReturnType<typeof robots>, pages: PageObservation[], context: Parameters<typeof siteContext>[0] = {}) =>
  idxConflict.judge(seen({ robots: file }, [], pages), siteContext(context))

test.each<[string, ReturnType<typeof robots>, PageObservation[], Parameters<typeof siteContext>[0], string[]]>([
  ['says noindex, and Googlebot is forbidden', forbidsGooglebot, [old()], {}, ['bad medium']],
  ['said noindex before everybody was forbidden', forbidsAll, [], remembered, ['bad medium']],
  ['says noindex', robots(''), [old()], {}, []],
  ['is forbidden', forbidsGooglebot, [old({ directives: [] })], {}, []],
  ['no longer says noindex', forbidsGooglebot, [old({ directives: [] })], { ...remembered, ...watched }, ['ok']],
  ['is allowed again', robots(''), [old()], { ...remembered, ...watched }, ['ok']],
  ['does not answer this time, and said noindex before', forbidsGooglebot, [silent], { ...remembered, ...watched }, ['unknown']],
  ['does not answer this time, and is allowed again', robots(''), [silent], { ...remembered, ...watched }, ['ok']],
  ['is waited for, and robots.txt cannot be read', robots('', { availability: 'unreachable' }), [], watched, ['unknown']],
])('a page that %s', (_name, file, pages, context, expected) =>
  expect(judge(file, pages, context).map((each) => short(each))).toEqual(expected),
)

test('names the template, the line and the pages', () =>
  expect(judge(forbidsGooglebot, [old(), old({ url: at('/old/b') })])).toMatchObject([
    {
      subject: decodeURI(at('/old/{slug}')),
      evidence: {
        pagesInConflict: 2,
        pages: [{ url: at('/old/a'), line: 'Disallow: /old/', noindex: true }, { url: at('/old/b') }],
      },
      look: { kind: 'page', urls: [at('/old/a'), at('/old/b')] },
    },
  ]))

describe('looking again', () => {
  const finding = findingOf(judge(forbidsGooglebot, [old()])[0])
  const known = { pages: new Map([[at('/old/a'), memory({ noindex: true })]]) }
  test.each<[string, ReturnType<typeof robots>, PageObservation[], Parameters<typeof lookContext>[0], string]>([
    ['still both', forbidsGooglebot, [old()], {}, 'bad medium'],
    ['no longer noindex', forbidsGooglebot, [old({ directives: [] })], {}, 'ok'],
    ['no longer forbidden', robots(''), [old()], {}, 'ok'],
    ['forbidden to us as well: what is remembered counts', forbidsAll, [], known, 'bad medium'],
    ['forbidden to us as well, and nothing is remembered', forbidsAll, [], {}, 'unknown'],
    ['the page does not answer', forbidsGooglebot, [old({ status: null, fault: 'timeout' })], {}, 'unknown'],
  ])('%s', async (_name, file, pages, context, expected) =>
    expect(short(await idxConflict.lookAgain(finding, probes({ robots: file, pages }), lookContext(context)))).toBe(expected),
  )
})
