import { expect, test } from '@jest/globals'
import type { CrawlSummary, LinkTarget, PageObservation } from '../crawler/observation.ts'
import { templateOf } from '../judges/url-template.ts'
import { at, findingOf, home, lookContext, memory, page, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { linkBroken } from './link-broken.ts'

const target = (over: Partial<LinkTarget> = {}): LinkTarget => ({
  url: at('/gone'),
  status: 404,
  sources: [home],
  inlinks: 1,
  inSitemap: false,
  ...over,
})
const watched = watching('link.broken', at('/gone'))
const judge = (over: Partial<CrawlSummary>, context: Parameters<typeof siteContext>[0] = {}) =>
  linkBroken.judge(seen(over), siteContext(context))[0]
const linked = { inlinks: new Map([[at('/gone'), 1]]) }

test.each<[string, Partial<CrawlSummary>, Parameters<typeof siteContext>[0], string]>([
  ['answers 404', { linkTargets: [target()] }, {}, 'bad medium'],
  ['answers 403', { linkTargets: [target({ status: 403 })] }, {}, 'bad medium'],
  ['answers 500, which http.5xx tells', { linkTargets: [target({ status: 500 })] }, {}, 'nothing'],
  ['says we ask too much', { linkTargets: [target({ status: 429 })] }, {}, 'nothing'],
  ['says so in its own way', { linkTargets: [target({ status: 999 })] }, {}, 'nothing'],
  ['is linked by nobody', { linkTargets: [target({ inlinks: 0, sources: [] })] }, {}, 'nothing'],
  ['is waited for, and answers', linked, { watched }, 'ok'],
  ['is waited for, and is no longer linked', {}, { watched }, 'ok'],
  ['is waited for, and some pages could not be judged', { ...linked, unknownPages: 1 }, { watched }, 'nothing'],
  ['is waited for, and not all pages were seen', { stopped: 'budget' }, { watched }, 'nothing'],
  ['is waited for, and not all pages like it were looked at', { traps: [templateOf(at('/gone'))] }, { watched }, 'nothing'],
  ['is waited for, and the scan is incomplete', { complete: false }, { watched }, 'nothing'],
  ['is waited for, and is now forbidden', { robots: robots('User-agent: *\nDisallow: /gone') }, { watched }, 'nothing'],
])('a target %s', (_name, over, context, expected) => expect(short(judge(over, context))).toBe(expected))

test('names the pages that link there', () =>
  expect(judge({ linkTargets: [target({ inlinks: 3, sources: [home, at('/a'), at('/b')] })] })).toMatchObject({
    subject: at('/gone'),
    description: `${home} and 2 more pages link to ${at('/gone')}, which answers with status 404.`,
    evidence: { status: 404, sources: [home, at('/a'), at('/b')], inlinks: 3 },
    look: { kind: 'target', urls: [at('/gone')] },
  }))

test.each<[string, Partial<PageObservation>, number, string]>([
  ['still', { status: 404 }, 1, 'bad medium'],
  ['answers', {}, 1, 'ok'],
  ['no longer linked', { status: 404 }, 0, 'ok'],
  ['fails', { status: 500 }, 1, 'unknown'],
  ['behind a wall', { status: 403, fault: 'challenge' }, 1, 'unknown'],
])('looking again: %s', async (_name, over, inlinks, expected) => {
  const finding = findingOf(judge({ linkTargets: [target()] }))
  const context = lookContext({ pages: new Map([[at('/gone'), memory({ inlinks })]]) })
  const verdict = await linkBroken.lookAgain(finding, probes({ pages: [page({ ...over, url: at('/gone') })] }), context)
  expect(short(verdict)).toBe(expected)
  if (verdict.level === 'bad') expect(verdict.evidence).toEqual(finding.evidence)
})
