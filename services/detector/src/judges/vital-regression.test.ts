import { describe, expect, test } from '@jest/globals'
import { cwvRumRegress } from '@tocsin/contract/rules/cwv-rum-regress'
import type { VitalMetric } from '@tocsin/contract/vitals'
import { createRandom, normal } from '@tocsin/testkit/random'
import { views, weekend } from '@tocsin/testkit/simulated-vitals'
import { type FormFacts, type FormHistory, formFacts, weighForm, weighForms } from './vital-regression.ts'

const config = cwvRumRegress.config.parse({})
const slower = Math.log(1.3)

function judged(metric: VitalMetric, history: Omit<FormHistory, 'form'>, held: FormFacts['before'] | null = null) {
  const form = formFacts(metric, { form: 'phone', ...history }, config, held)
  return form && (weighForms({ metric, template: '/', comparisons: 1, forms: [form] }, config)[0] ?? null)
}

/** How many in a hundred of so many sites whose pages got 30 % slower a day ago are found, with n page views a day. */
function found(
  metric: VitalMetric,
  n: number,
  { scatter, days: daysBefore, base = 0 }: { scatter: number; days: number; base?: number },
  seeds = 200,
): number {
  let count = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const random = createRandom(seed)
    const days = Array.from({ length: daysBefore }, (_, day) =>
      views(random, metric, n, base + weekend(day) + scatter * normal(random)),
    )
    const now = views(random, metric, n, base + slower + scatter * normal(random))
    if (judged(metric, { steps: [now, ...days.toReversed()].slice(0, 14), days })?.level === 'bad') count += 1
  }
  return (count * 100) / seeds
}

describe('pages that became 30 % slower, with 500 page views', () => {
  // Measured in 800 runs each: LCP and FCP 96 to 100 of 100 up to a scatter of 3 % (about 82 with 5 %); INP 96 without scatter and 90 with
  // 3 %, where the spec's own z allows 94. A TTFB of half a second becomes slower by about the 200 ms that are the least, and is found in
  // 79; a slow one in 96. Of CLS 500 views are too few for the spec's z.
  test.each([
    { metric: 'LCP', scatter: 0, days: 14, least: 95 },
    { metric: 'FCP', scatter: 0, days: 14, least: 95 },
    { metric: 'INP', scatter: 0, days: 14, least: 95 },
    { metric: 'TTFB', scatter: 0, days: 14, least: 95, base: Math.log(2) },
    { metric: 'LCP', scatter: 0.03, days: 14, least: 95 },
    { metric: 'FCP', scatter: 0.03, days: 14, least: 95 },
    { metric: 'INP', scatter: 0.03, days: 14, least: 87 },
    // A site that has measured for a week only.
    { metric: 'LCP', scatter: 0, days: 7, least: 95 },
    { metric: 'LCP', scatter: 0.03, days: 7, least: 94 },
  ] as const)(
    '$metric, days differing by $scatter, after $days days: at least $least in a hundred are found',
    ({ metric, least, ...more }) => {
      expect(found(metric, 500, more)).toBeGreaterThanOrEqual(least)
    },
  )
})

describe('thin traffic', () => {
  const random = createRandom(9)
  const thin = (n: number, shift: number) => Array.from({ length: 14 }, (_, ago) => views(random, 'LCP', n, ago < 7 ? shift : 0))

  test('is judged over 3 days, or 7', () => {
    const facts = (n: number) => formFacts('LCP', { form: 'phone', steps: thin(n, slower), days: [] }, config, null)
    expect(facts(600)?.windowDays).toBe(1)
    expect(facts(200)?.windowDays).toBe(3)
    expect(facts(80)?.windowDays).toBe(7)
    expect(judged('LCP', { steps: thin(80, slower), days: [] })?.level).toBe('bad')
  })

  test('below 100 page views in a week says nothing, and neither do two days of comparison', () => {
    expect(judged('LCP', { steps: thin(13, slower), days: [] })).toBeNull()
    expect(judged('LCP', { steps: thin(800, slower).slice(0, 3), days: [] })).toBeNull()
    expect(judged('LCP', { steps: [undefined, undefined, ...thin(500, 0)], days: [] })?.level).toBe('ok')
  })
})

describe('severity and size', () => {
  const quarters: FormFacts['before']['ladder'] = [
    [100, 0.25],
    [120, 0.5],
    [140, 0.75],
    [200, 1],
  ]
  const before: FormFacts['before'] = {
    ...{ n: 50_000, p75: 2_000, above: 12_500, days: 7, daysSeen: 28, ladder: quarters },
    shares: { worstDay: 0.26, daySpread: 0.01, usualSpread: 0.015 },
    ranks: { worstDay: 0.51, daySpread: 0.01, usualSpread: 0.012 },
  }
  const now = (p75: number, above = 0.4, rank = 0.6) => ({ n: 2_000, p75, above: 2_000 * above, rank })
  const badDay = {
    ...before,
    shares: { worstDay: 0.41, daySpread: 0.01, usualSpread: 0.015 },
    ranks: { worstDay: 0.6, daySpread: 0.01, usualSpread: 0.012 },
  }
  test.each([
    { what: 'a little slower', metric: 'LCP', before, now: now(2_150), level: 'unknown' },
    { what: 'a tenth slower', metric: 'LCP', before, now: now(2_250), level: 'bad', severity: 'medium' },
    { what: 'out of its band', metric: 'LCP', before, now: now(2_510), level: 'bad', severity: 'high' },
    { what: 'a third slower', metric: 'LCP', before: { ...before, p75: 1_000 }, now: now(1_310), level: 'bad', severity: 'high' },
    { what: 'a third, but of little', metric: 'LCP', before: { ...before, p75: 500 }, now: now(660), level: 'unknown' },
    { what: '20 ms of interaction', metric: 'INP', before: { ...before, p75: 100 }, now: now(120), level: 'unknown' },
    {
      what: '30 ms of interaction',
      metric: 'INP',
      before: { ...before, p75: 100 },
      now: now(130),
      level: 'bad',
      severity: 'high',
    },
    { what: 'a shift of 0.01', metric: 'CLS', before: { ...before, p75: 0.05 }, now: now(0.06), level: 'unknown' },
    { what: 'a shift of 0.03', metric: 'CLS', before: { ...before, p75: 0.05 }, now: now(0.08), level: 'bad', severity: 'high' },
    { what: 'no more than a bad day', metric: 'LCP', before: badDay, now: now(2_600), level: 'unknown' },
    { what: 'slower for the slow ones only', metric: 'LCP', before, now: now(2_600, 0.4, 0.52), level: 'bad' },
    { what: 'of another mixture, with no more slow ones', metric: 'LCP', before, now: now(2_250, 0.252, 0.6), level: 'unknown' },
    { what: 'as before', metric: 'LCP', before, now: now(2_010, 0.255, 0.503), level: 'ok' },
  ] as const)('$what: $level', ({ metric, before: was, now: is, level, ...more }) => {
    const form = { form: 'phone', windowDays: 1, now: is, before: was } as const
    const weight = weighForm({ metric, template: '/', comparisons: 20, forms: [form] }, form, config)
    expect(weight.level).toBe(level)
    if ('severity' in more) expect(weight.severity).toBe(more.severity)
  })
})

test('while a fault is open, what was normal before it stays the measure', () => {
  const random = createRandom(5)
  const days = Array.from({ length: 20 }, () => views(random, 'LCP', 800, 0))
  const first = formFacts('LCP', { form: 'phone', steps: [views(random, 'LCP', 800, slower), ...days], days }, config, null)
  const weeksLater = Array.from({ length: 14 }, () => views(random, 'LCP', 800, slower))
  expect(judged('LCP', { steps: weeksLater, days: weeksLater })?.level).not.toBe('bad')
  expect(judged('LCP', { steps: weeksLater, days: weeksLater }, first?.before ?? null)?.level).toBe('bad')
})
