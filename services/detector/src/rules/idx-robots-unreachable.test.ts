import { expect, test } from '@jest/globals'
import type { RobotsObservation } from '../crawler/observation.ts'
import { findingOf, lookContext, now, probes, robots, seen, short, siteContext, watching } from './fixtures.ts'
import { idxRobotsUnreachable } from './idx-robots-unreachable.ts'
import { emptySiteMemory } from './site-memory.ts'

const down = robots('', { availability: 'unreachable', status: 503 })
const since = (minutes: number) => ({
  memory: { ...emptySiteMemory, robotsUnreachableSince: new Date(now.getTime() - minutes * 60_000).toISOString() },
})
const watched = watching('idx.robots_unreachable', 'shop.test')
const judge = (file: RobotsObservation, context: Parameters<typeof siteContext>[0] = {}) =>
  idxRobotsUnreachable.judge(seen({ robots: file }), siteContext(context))

test.each<[string, RobotsObservation, Parameters<typeof siteContext>[0], string]>([
  ['answers 503', down, {}, 'bad high'],
  ['has done so for 29 minutes', down, { ...since(29), watched }, 'bad high'],
  ['has done so for half an hour', down, { ...since(30), watched }, 'bad critical'],
  ['did so before, and was well in between', down, since(600), 'bad high'],
  ['cannot be asked by us', robots('', { availability: 'unknown' }), { watched }, 'unknown'],
  ['is missing', robots('', { availability: 'missing' }), { watched }, 'ok'],
  ['is there', robots(''), { watched }, 'ok'],
  ['is there, and nobody waits', robots(''), {}, 'nothing'],
])('robots.txt %s', (_name, file, context, expected) => expect(short(judge(file, context)[0])).toBe(expected))

test.each<[string, RobotsObservation, Parameters<typeof lookContext>[0], string]>([
  ['still', down, {}, 'bad high'],
  ['still, after half an hour', down, { now: new Date(now.getTime() + 1_800_000) }, 'bad critical'],
  ['back', robots(''), {}, 'ok'],
  ['our own DNS', robots('', { availability: 'unknown', fault: 'dns' }), {}, 'unknown'],
])('looking again: %s', async (_name, file, context, expected) => {
  const verdict = await idxRobotsUnreachable.lookAgain(findingOf(judge(down)[0]), probes({ robots: file }), lookContext(context))
  expect([verdict.subject, short(verdict, context)]).toEqual(['shop.test', expected])
})

test('when it will be critical is known from the first look on', () => {
  expect(judge(down)[0]?.worsensAt).toEqual(new Date(now.getTime() + 1_800_000))
  expect(judge(down, { ...since(10), watched })[0]?.worsensAt).toEqual(new Date(now.getTime() + 1_200_000))
  expect(judge(down, { ...since(30), watched })[0]?.worsensAt).toBeNull()
})
