import { expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { at, findingOf, hops, lookContext, page, pageContext, probes, short, watching } from './fixtures.ts'
import { redirectChain } from './redirect-chain.ts'

const watched = watching('redirect.chain', at('/a'))
const chain: Partial<PageObservation> = { hops: hops('/a', '/b', '/c'), finalUrl: at('/d') }

test.each<[string, Partial<PageObservation>, Parameters<typeof pageContext>[0], string]>([
  ['three', chain, {}, 'bad low'],
  ['three on a page that matters', chain, { importance: () => 10 }, 'bad medium'],
  ['three that end in an error', { ...chain, status: 404 }, {}, 'bad low'],
  ['two', { hops: hops('/a', '/b') }, {}, 'nothing'],
  ['two, waited for', { hops: hops('/a', '/b') }, { watched }, 'ok'],
  ['endless', { fault: 'redirect_loop', hops: hops('/a', '/b', '/c') }, { watched }, 'unknown'],
  ['two, then nothing', { status: null, fault: 'timeout', hops: hops('/a', '/b') }, { watched }, 'unknown'],
])('%s', (_name, over, context, expected) =>
  expect(short(redirectChain.judge(page(over), null, pageContext(context)))).toBe(expected),
)

test.each<[string, Partial<PageObservation>, string]>([
  ['still', chain, 'bad low'],
  ['shorter', { hops: hops('/a', '/b') }, 'ok'],
  ['no answer', { status: 429, fault: 'rate_limited' }, 'unknown'],
])('looking again: %s', async (_name, over, expected) => {
  const finding = findingOf(redirectChain.judge(page(chain), null, pageContext()))
  expect(short(await redirectChain.lookAgain(finding, probes({ pages: [page(over)] }), lookContext()))).toBe(expected)
})
