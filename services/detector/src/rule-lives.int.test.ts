import { describe, expect, test } from '@jest/globals'
import { createBreakableSite } from '@tocsin/testkit/breakable-site'
import { chromiumMsMax } from '@tocsin/testkit/chromium'
import { crawledLives } from './lives/crawled.ts'
import { fetchedLives } from './lives/fetched.ts'
import { type Life, live } from './lives/life.ts'
import { measuredLives } from './lives/measured.ts'
import { rankedLives } from './lives/ranked.ts'
import { searchedLives } from './lives/searched.ts'
import { registry } from './rules/registry.ts'

const lives: readonly Life[] = [...crawledLives, ...fetchedLives, ...searchedLives, ...rankedLives, ...measuredLives]

describe('a fault is told once, nothing else is, and its repair once:', () => {
  test.each(lives.map((life) => ({ ...life, life })))('$rule, $fault', ({ life }) => live(life), chromiumMsMax)
})

test('no rule is without a life', () => {
  const lived = new Set<string>(lives.map(({ rule }) => rule))
  expect(Object.keys(registry).filter((rule) => !lived.has(rule))).toEqual([])
})

test('every switch of the breakable site has a life, but for the one that is no fault', async () => {
  const site = await createBreakableSite()
  await site.close()
  const flipped = new Set<string>(lives.map(({ fault }) => fault))
  // broken-site.int.test.ts has it.
  expect(site.switches().flatMap(({ name }) => (flipped.has(name) ? [] : [name]))).toEqual(['slow'])
})
