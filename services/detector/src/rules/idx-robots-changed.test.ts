import { describe, expect, test } from '@jest/globals'
import type { RobotsObservation } from '../crawler/observation.ts'
import { at, findingOf, lookContext, memory, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { idxRobotsChanged } from './idx-robots-changed.ts'
import { emptySiteMemory } from './site-memory.ts'

const before = { ...emptySiteMemory, robotsRules: { '*': ['disallow /cart'] } }
const pages = new Map(['/', '/cart', '/journal/care'].map((path) => [at(path), memory()]))
const same = robots('# our rules\nUser-agent: *\n\nDisallow: /cart # no')
const other = robots('User-agent: *\nDisallow: /journal/')
const watch = (how: 'open' | 'acknowledged') => ({ watched: watching('idx.robots_changed', 'shop.test', how) })
const judge = (file: RobotsObservation, context: Parameters<typeof siteContext>[0] = {}) =>
  idxRobotsChanged.judge(seen({ robots: file }), siteContext({ memory: before, pages, ...context }))

describe('the rules', () => {
  test.each<[string, RobotsObservation, Parameters<typeof siteContext>[0], string]>([
    ['have changed', other, {}, 'bad low'],
    ['mean the same', same, {}, 'nothing'],
    ['are gone', robots('', { availability: 'missing', status: 404 }), {}, 'bad low'],
    ['are read for the first time', other, { memory: emptySiteMemory }, 'nothing'],
    ['cannot be read', robots('', { availability: 'unreachable' }), {}, 'nothing'],
    ['cannot be read, and somebody waits', robots('', { availability: 'unreachable' }), watch('open'), 'unknown'],
    ['are taken back', same, watch('open'), 'ok'],
    ['are still other ones', other, watch('open'), 'bad low'],
    ['are other ones, and somebody has seen it', other, watch('acknowledged'), 'ok'],
  ])('%s', (_name, file, context, expected) => expect(short(judge(file, context)[0])).toBe(expected))

  test('say what changed and for which pages', () =>
    expect(judge(other)).toMatchObject([
      {
        evidence: {
          added: ['*: disallow /journal/'],
          removed: ['*: disallow /cart'],
          blocked: [at('/journal/care')],
          freed: [at('/cart')],
        },
      },
    ]))
})

test.each<[string, RobotsObservation, string]>([
  ['still', other, 'bad low'],
  ['taken back', same, 'ok'],
  ['unreadable', robots('', { availability: 'unreachable' }), 'unknown'],
])('looking again: %s', async (_name, file, expected) => {
  const context = lookContext({ memory: before, pages })
  expect(short(await idxRobotsChanged.lookAgain(findingOf(judge(other)[0]), probes({ robots: file }), context))).toBe(expected)
})
