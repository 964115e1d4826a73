import { expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import { at, findingOf, hops, lookContext, page, pageContext, probes, short, watching } from './fixtures.ts'
import { redirectLoop } from './redirect-loop.ts'

const watched = watching('redirect.loop', at('/a'))
const loop: Partial<PageObservation> = { status: 301, fault: 'redirect_loop', hops: hops('/a', '/b'), finalUrl: at('/b') }

test.each<[string, Partial<PageObservation>, Parameters<typeof pageContext>[0], string]>([
  ['comes back to itself', loop, {}, 'bad high'],
  ['matters', loop, { importance: () => 8 }, 'bad critical'],
  [
    'takes more than ten',
    { status: 301, fault: 'redirect_limit', hops: hops(...Array.from({ length: 11 }, (_, n) => `/${n}`)) },
    {},
    'bad high',
  ],
  ['takes ten', { hops: hops(...Array.from({ length: 10 }, (_, n) => `/${n}`)) }, {}, 'nothing'],
  ['takes two', { hops: hops('/a', '/b') }, { watched }, 'ok'],
  ['takes three', { hops: hops('/a', '/b', '/c') }, { watched }, 'unknown'],
  ['takes none', {}, {}, 'nothing'],
  ['cannot be followed', { status: null, fault: 'timeout', hops: hops('/a') }, { watched }, 'unknown'],
])('%s', (_name, over, context, expected) =>
  expect(short(redirectLoop.judge(page(over), null, pageContext(context)))).toBe(expected),
)

test('names the hops', () =>
  expect(redirectLoop.judge(page(loop), null, pageContext())).toMatchObject({
    description: `Whoever follows the redirects of ${at('/a')} comes back to ${at('/b')}, where it has been before.`,
    evidence: { hops: hops('/a', '/b'), redirects: 2 },
  }))

test.each<[string, Partial<PageObservation>, string]>([
  ['still', loop, 'bad high'],
  ['arrives', { hops: hops('/a') }, 'ok'],
  ['no answer', { status: null, fault: 'dns' }, 'unknown'],
])('looking again: %s', async (_name, over, expected) => {
  const finding = findingOf(redirectLoop.judge(page(loop), null, pageContext()))
  expect(short(await redirectLoop.lookAgain(finding, probes({ pages: [page(over)] }), lookContext()))).toBe(expected)
})
