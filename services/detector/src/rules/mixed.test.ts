import { expect, test } from '@jest/globals'
import type { PageObservation } from '../crawler/observation.ts'
import type { MixedItem } from '../judges/mixed-content.ts'
import { at, findingOf, hops, lookContext, page, pageContext, probes, short, watching } from './fixtures.ts'
import { mixed } from './mixed.ts'

const watched = watching('mixed', at('/a'))
const item = (kind: MixedItem['kind']): MixedItem => ({ kind, tag: 'x', url: `http://cdn.test/${kind}`, handling: 'blocked' })

test.each<[string, Partial<PageObservation>, Parameters<typeof pageContext>[0], string]>([
  ['a script', { mixed: [item('active')] }, {}, 'bad high'],
  ['an image', { mixed: [item('passive')] }, {}, 'bad low'],
  ['a form', { mixed: [item('form')] }, {}, 'bad medium'],
  ['the worst of all', { mixed: [item('passive'), item('form'), item('active')] }, {}, 'bad high'],
  ['an image where it matters', { mixed: [item('passive')] }, { importance: () => 8 }, 'bad medium'],
  ['nothing', {}, {}, 'nothing'],
  ['nothing, waited for', {}, { watched }, 'ok'],
  ['nothing in what could be read', { truncated: true }, { watched }, 'unknown'],
  ['the page is removed', { status: 410 }, { watched }, 'ok'],
  ['the page has moved', { hops: hops('/a'), finalUrl: at('/b') }, { watched }, 'ok'],
  ['the page fails', { status: 500 }, { watched }, 'unknown'],
])('%s', (_name, over, context, expected) => expect(short(mixed.judge(page(over), null, pageContext(context)))).toBe(expected))

test('names what is loaded', () =>
  expect(mixed.judge(page({ mixed: [item('passive'), item('active')] }), null, pageContext())).toMatchObject({
    description: expect.stringContaining('for example http://cdn.test/active'),
    evidence: { items: [item('passive'), item('active')] },
  }))

test.each<[string, Partial<PageObservation>, string]>([
  ['still', { mixed: [item('active')] }, 'bad high'],
  ['gone', {}, 'ok'],
  ['a wall', { fault: 'challenge' }, 'unknown'],
])('looking again: %s', async (_name, over, expected) => {
  const finding = findingOf(mixed.judge(page({ mixed: [item('active')] }), null, pageContext()))
  expect(short(await mixed.lookAgain(finding, probes({ pages: [page(over)] }), lookContext()))).toBe(expected)
})
