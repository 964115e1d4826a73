import { expect, test } from '@jest/globals'
import { rules } from '@tocsin/contract/rules/catalog'
import { z } from 'zod'
import { boundsText, changesOf, checkedBy, readThreshold, thresholdsOf, thresholdText } from './thresholds.ts'

const schema = z.toJSONSchema(
  z.strictObject({
    hopsMin: z.number().int().min(2).max(10).default(3).meta({ description: 'Too many.' }),
    share: z.number().min(0).default(0.5),
    strict: z.boolean().default(false),
    hosts: z.array(z.string()).max(5).default([]),
    level: z.enum(['low', 'high']).default('low'),
  }),
  { io: 'input' },
)
const thresholds = thresholdsOf(schema)

test('thresholds are read from the schema, with their bounds, defaults and words', () => {
  expect(thresholds.map(({ name, label, kind }) => [name, label, kind])).toEqual([
    ['hopsMin', 'Hops min', 'integer'],
    ['share', 'Share', 'number'],
    ['strict', 'Strict', 'switch'],
    ['hosts', 'Hosts', 'list'],
    ['level', 'Level', 'choice'],
  ])
  expect(thresholds[0]).toMatchObject({ doc: 'Too many.', min: 2, max: 10, usual: 3 })
  expect(thresholds.slice(0, 3).map(boundsText)).toEqual(['2 to 10', '0 or more', ''])
  expect(thresholds[4]?.options).toEqual(['low', 'high'])
})

test('what a field says becomes what the API takes, and what it cannot read is left to it', () => {
  const read = (index: number, text: string) => {
    const threshold = thresholds[index]
    return threshold && readThreshold(threshold, text)
  }
  expect([read(0, ' 4 '), read(1, '0,25'), read(0, 'many'), read(0, '')]).toEqual([4, 0.25, 'many', null])
  expect([read(2, 'true'), read(3, 'a.example\n\n b.example '), read(4, 'high')]).toEqual([
    true,
    ['a.example', 'b.example'],
    'high',
  ])
})

test('what is out of bounds is named before it is sent', () => {
  const faults = (config: Record<string, unknown>) =>
    checkedBy(thresholds)
      .safeParse(config)
      .error?.issues.map(({ path, message }) => [path.join('.'), message])
  expect(faults({ hopsMin: 11, share: -1 })).toEqual([
    ['hopsMin', 'Must be at most 10.'],
    ['share', 'Must be at least 0.'],
  ])
  expect([faults({ hopsMin: 2.5 }), faults({ hopsMin: 'many' })]).toEqual([
    [['hopsMin', 'A whole number, please.']],
    [['hopsMin', 'This is not a number.']],
  ])
  expect([faults({ hopsMin: null, hosts: ['a'] }), faults({ hopsMin: 4 })]).toEqual([undefined, undefined])
})

test('only what was changed is sent, and a default is set back rather than kept', () => {
  const now = { hopsMin: 5, share: 0.5, strict: false, hosts: [], level: 'low' }
  const entered = { hopsMin: 3, share: 0.7, strict: false, hosts: [], level: 'low' }
  expect(changesOf(thresholds, now, entered)).toEqual({ hopsMin: null, share: 0.7 })
  expect(changesOf(thresholds, now, now)).toEqual({})
})

test('every threshold of every rule can be shown and read back as it is', () => {
  for (const rule of rules) {
    const defaults: Record<string, unknown> = rule.config.parse({})
    for (const threshold of thresholdsOf(z.toJSONSchema(rule.config, { io: 'input' }))) {
      expect(threshold.doc).not.toBe('')
      expect(readThreshold(threshold, thresholdText(defaults[threshold.name]))).toEqual(defaults[threshold.name])
    }
  }
})
