import { describe, expect, test } from '@jest/globals'
import { defaultConfigs } from '@tocsin/contract/rules/catalog'
import fc from 'fast-check'
import { groupTemplates } from '../group-templates.ts'
import { at, findingOf, home, hops, lookContext, memory, now, page, pageContext, probes, short } from './fixtures.ts'
import { http5xx } from './http-5xx.ts'
import { idxNoindex } from './idx-noindex.ts'
import { redirectChain } from './redirect-chain.ts'
import { registry } from './registry.ts'
import type { Rule } from './verdict.ts'

// That evidence gives the verdict again is part of every rule's own table: see `short` in fixtures.ts.

const rules: readonly Rule[] = Object.values(registry)

describe.each(rules.map((rule) => [rule.spec.id, rule] as const))('%s', (_id, rule) => {
  test('never takes for bad what holds no facts', () => {
    const nothing = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(nothing, (evidence) => {
        expect(rule.replay(evidence, { config: defaultConfigs, now })).not.toMatchObject({ level: 'bad' })
      }),
      { numRuns: 50 },
    )
  })
})

describe('a template is judged again by the page on which it weighs most', () => {
  const pages = new Map(
    Array.from({ length: 9 }, (_, n) => [at(`/p/${n}`), page({ url: at(`/p/${n}`), template: at('/p/{n}') })]),
  )
  const importance = (url: string) => (url === at('/p/6') ? 9 : 5)
  const noindexed = (context: Parameters<typeof pageContext>[0] = {}) => {
    const verdicts = [...pages.values()].slice(0, 7).map((each) => {
      const seen = { ...each, directives: [{ source: 'meta' as const, agent: 'robots', value: 'noindex' }] }
      const verdict = idxNoindex.judge(seen, memory(), pageContext({ importance, ...context }))
      if (!verdict) throw new Error('It is not bad.')
      return { page: each, verdict }
    })
    const { watched, baseline } = pageContext(context)
    return groupTemplates({ rule: 'idx.noindex', verdicts, pages, watched, baseline })
  }
  const failing = (context: Parameters<typeof pageContext>[0] = {}) => {
    const verdicts = [...pages.values()].slice(0, 7).map((each) => {
      const verdict = http5xx.judge({ ...each, status: 500 }, null, pageContext({ importance, ...context }))
      if (!verdict) throw new Error('It is not bad.')
      return { page: each, verdict }
    })
    const { watched, baseline } = pageContext(context)
    return groupTemplates({ rule: 'http.5xx', verdicts, pages, watched, baseline })
  }

  test.each([
    ['noindex', noindexed(), ['bad critical']],
    ['noindex on day one', noindexed({ baseline: true, importance: () => 5 }), ['bad high']],
    ['server errors, one page being important', failing(), ['bad critical']],
    ['server errors', failing({ importance: () => 5 }), ['bad high']],
  ])('%s', (_name, verdicts, expected) => expect(verdicts.map((each) => short(each))).toEqual(expected))

  test('also after a look at two of its pages', async () => {
    const [verdict] = failing()
    const seen = [...pages.values()].map((each) => ({ ...each, status: 502 }))
    const again = await http5xx.lookAgain(findingOf(verdict), probes({ pages: seen }), lookContext())
    expect(again.look.urls).toEqual([at('/p/6'), at('/p/0')])
    expect(short(again)).toBe('bad critical')
  })

  test('the home page counts as it did', async () => {
    const verdict = http5xx.judge(page({ url: home, status: 500 }), null, pageContext({ importance: () => 8 }))
    const again = await http5xx.lookAgain(
      findingOf(verdict),
      probes({ pages: [page({ url: home, status: 503 })] }),
      lookContext(),
    )
    expect([short(verdict), short(again)]).toEqual(['bad critical', 'bad critical'])
  })
})

test('thresholds are those that hold for the site, in the judgement and when it is judged again', () => {
  const config = {
    ...defaultConfigs,
    'http.5xx': { ...defaultConfigs['http.5xx'], importantFrom: 10 },
    'redirect.chain': { hopsMin: 2 },
  }
  const important = { importance: () => 9, config }
  const failing = http5xx.judge(page({ status: 500 }), null, pageContext(important))
  expect([short(failing, { config }), short(failing)]).toEqual(['bad high', 'bad high, judged again bad critical'])
  const chained = redirectChain.judge(page({ hops: hops('/a', '/b'), finalUrl: at('/c') }), null, pageContext({ config }))
  expect([short(chained, { config }), short(chained)]).toEqual(['bad low', 'bad low, judged again ok'])
})
