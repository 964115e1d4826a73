import { describe, expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { at, findingOf, home, hops, lookContext, page, pageContext, probes, short, watching } from './fixtures.ts'
import { http5xx } from './http-5xx.ts'

const judge = (over: Partial<PageObservation>, context: Parameters<typeof pageContext>[0] = {}) =>
  http5xx.judge(page(over), null, pageContext(context))
const watched = watching('http.5xx', at('/a'))
const importance = (value: number) => ({ importance: () => value })
const crawl = (serverErrors: number, pages = 100) => ({ crawl: { pages, serverErrors, canonicalToHome: 0 } })

describe('one page', () => {
  test.each<[string, Partial<PageObservation>, Parameters<typeof pageContext>[0], string]>([
    ['answers 500', { status: 500 }, {}, 'bad high'],
    ['matters and answers 500', { status: 500 }, importance(8), 'bad critical'],
    ['hardly matters and answers 500', { status: 500 }, importance(1), 'bad high'],
    ['does not answer in time', { status: null, fault: 'timeout' }, {}, 'bad high'],
    ['breaks the connection', { status: null, fault: 'refused' }, {}, 'bad high'],
    ['says when it is back', { status: 503, retryAfterSeconds: 600 }, importance(10), 'bad medium'],
    ['does not', { status: 503 }, {}, 'bad high'],
    ['fails with 5 % of the crawl', { status: 500 }, crawl(5), 'bad critical'],
    ['fails with 4 % of the crawl', { status: 500 }, crawl(4), 'bad high'],
    ['is the only one of a small site that fails', { status: 500 }, crawl(1, 3), 'bad high'],
    ['answers 200', {}, {}, 'nothing'],
    ['answers 200 and is waited for', {}, { watched }, 'ok'],
    ['answers 404 and is waited for', { status: 404 }, { watched }, 'ok'],
    ['has a bot wall with status 503', { status: 503, fault: 'challenge' }, { watched }, 'unknown'],
    ['says we ask too much', { status: 429, fault: 'rate_limited' }, {}, 'nothing'],
    ['says we ask too much, and is waited for', { status: 999, fault: 'rate_limited' }, { watched }, 'unknown'],
    ['has a name that cannot be found', { status: null, fault: 'dns' }, { watched }, 'unknown'],
  ])('%s', (_name, over, context, expected) => expect(short(judge(over, context))).toBe(expected))

  test('redirects to one that fails: that one is told of, once', () => {
    const failing = page({ url: at('/b'), status: 500 })
    const redirecting: Partial<PageObservation> = { status: 500, hops: hops('/a'), finalUrl: at('/b') }
    expect(judge(redirecting, { pages: [failing] })).toBeNull()
    expect(short(judge(redirecting))).toBe('bad high')
  })

  test('says what it answered', () => {
    expect(judge({ status: 502 }, crawl(1))).toMatchObject({
      subject: at('/a'),
      title: 'Page answers with a server error: /a',
      description: `${at('/a')} answers with status 502.`,
      evidence: { url: at('/a'), status: 502, crawl: { pages: 100, serverErrors: 1 } },
      look: { kind: 'page', urls: [at('/a')] },
    })
  })
})

describe('looking again', () => {
  const again = async (urls: string[], ...pages: Partial<PageObservation>[]) => {
    const finding = { ...findingOf(judge({ status: 500 })), look: { kind: 'page' as const, urls } }
    const world = probes({ pages: pages.map((over, n) => page({ ...over, url: urls[n] ?? home })) })
    return short(await http5xx.lookAgain(finding, world, lookContext()))
  }
  test.each<[string, Partial<PageObservation>[], string]>([
    ['still fails', [{ status: 500 }], 'bad high'],
    ['is back', [{}], 'ok'],
    ['cannot be measured', [{ status: 429, fault: 'rate_limited' }], 'unknown'],
    ['one of two fails', [{}, { status: 500 }], 'bad high'],
    ['one of two cannot be measured', [{}, { status: null, fault: 'dns' }], 'unknown'],
    ['both are back', [{}, {}], 'ok'],
  ])('%s', async (_name, pages, expected) => {
    expect(
      await again(
        pages.map((_, n) => at(`/${n}`)),
        ...pages,
      ),
    ).toBe(expected)
  })

  test('a template keeps its count', async () => {
    const bad = findingOf(judge({ status: 500 }))
    const counted = { template: at('/{slug}'), pagesBad: 7, pagesSeen: 9, waitedFor: false, baseline: false }
    const evidence = { ...counted, pages: [at('/a')], example: bad.evidence }
    const finding = { ...bad, subject: at('/{slug}'), evidence }
    const verdict = await http5xx.lookAgain(finding, probes({ pages: [page({ status: 502 })] }), lookContext())
    expect(verdict).toMatchObject({
      subject: finding.subject,
      title: 'Page answers with a server error (7 pages)',
      evidence: { pagesBad: 7, pages: [at('/a')], example: { status: 500 }, again: { status: 502 } },
    })
  })

  test('who is told to stop has seen nothing', async () => {
    const signal = AbortSignal.abort()
    expect(short(await http5xx.lookAgain(findingOf(judge({ status: 500 })), probes({}), lookContext({ signal })))).toBe('unknown')
  })
})
