import { describe, expect, test } from '@jest/globals'
import { events } from '@tocsin/contract/events/catalog'
import { exampleOf } from '@tocsin/contract/example'
import { opensFor } from './match.ts'
import { type Signal, signalOf, signalTypes } from './signal.ts'

/** Valid data of an event; `path` replaces one field of it. */
function dataOf(type: string, path: Record<string, unknown> = {}): unknown {
  const definition = events.find((event) => event.type === type)
  if (!definition) throw new Error(`No such event: ${type}.`)
  const data = structuredClone(exampleOf(definition.data))
  for (const [key, value] of Object.entries(path)) {
    const names = key.split('.')
    const last = names.pop() ?? ''
    // Walks into plain JSON of our own making.
    const place = names.reduce((at, name) => at[name] as Record<string, unknown>, data as Record<string, unknown>)
    place[last] = value
  }
  return data
}

const transitions: Record<string, Signal['transition']> = {
  'threat.detected': 'bad',
  'threat.updated': 'update',
  'threat.acknowledged': 'acknowledged',
  'threat.accepted': 'good',
  'threat.flapped': 'flapping',
  'threat.resolved': 'good',
  'component.deleted': 'good',
  'incident.created': 'bad',
  'incident.updated': 'update',
  'incident.resolved': 'good',
}

const good = {
  'incident.created': { 'incident.status': 'investigating' },
  'incident.updated': { 'incident.status': 'identified' },
}
test.each(Object.entries(transitions))('%s → %s', (type, transition) => {
  const path = (good as Record<string, Record<string, unknown>>)[type] ?? {}
  expect(signalOf({ type, data: dataOf(type, path) })?.transition).toBe(transition)
})

test.each([
  ['operational', 'good', 'low', false],
  ['degraded_performance', 'bad', 'medium', false],
  ['partial_outage', 'bad', 'high', true],
  ['major_outage', 'bad', 'critical', true],
] as const)('a component that is %s is %s', (status, transition, severity, outage) => {
  const data = dataOf('component.status_changed', { 'component.status': status })
  expect(signalOf({ type: 'component.status_changed', data })).toMatchObject({ transition, severity, outage })
})

test('a maintenance is neither good nor bad', () => {
  const data = dataOf('component.status_changed', { 'component.status': 'under_maintenance' })
  expect(signalOf({ type: 'component.status_changed', data })).toBeNull()
})

test.each([
  ['none', 'low'],
  ['minor', 'medium'],
  ['major', 'high'],
  ['critical', 'critical'],
])('an incident of impact %s is %s', (impact, severity) => {
  const data = dataOf('incident.created', { 'incident.impact': impact, 'incident.status': 'investigating' })
  expect(signalOf({ type: 'incident.created', data })?.severity).toBe(severity)
})

test('an incident that was recorded when it was over opens nothing', () => {
  expect(
    signalOf({ type: 'incident.created', data: dataOf('incident.created', { 'incident.status': 'resolved' }) })?.transition,
  ).toBe('good')
})

describe('a threat', () => {
  const detected = (path: Record<string, unknown>) => signalOf({ type: 'threat.detected', data: dataOf('threat.detected', path) })

  test('keeps its key when it comes back as another one', () => {
    const first = detected({ 'threat.id': `thr_${'0'.repeat(24)}`, 'threat.dedupeKey': 'http.5xx:site:/cart' })
    const second = detected({ 'threat.id': `thr_${'1'.repeat(24)}`, 'threat.dedupeKey': 'http.5xx:site:/cart' })
    expect([first?.key === second?.key, first?.subject === second?.subject]).toEqual([true, false])
  })

  test('is explained by its cause and by the outage of its site', () => {
    const cause = `thr_${'2'.repeat(24)}`
    const signal = detected({ 'threat.causeId': cause, 'threat.rule': 'idx.noindex' })
    expect(signal?.parents).toEqual([`threat:${cause}`, expect.stringMatching(/^site:site_/)])
  })

  test.each([
    ['crawl.fail', 'shop.example', true],
    ['http.5xx', 'https://shop.example/', true],
    ['http.5xx', 'https://shop.example/cart', false],
    ['idx.noindex', 'https://shop.example/', false],
  ])('of %s about %s is an outage of the site: %s', (rule, subject, outage) => {
    const signal = detected({
      'threat.rule': rule,
      'threat.subject': subject,
      'site.url': 'https://shop.example/',
      'threat.causeId': null,
    })
    expect(signal?.outage).toBe(outage)
    expect(signal?.subject.startsWith(outage ? 'site:' : 'threat:')).toBe(true)
    // Nothing is explained by itself.
    expect(signal?.parents).not.toContain(signal?.subject)
  })
})

test.each(events.map(({ type }) => type).filter((type) => !signalTypes.includes(type)))('%s says nothing', (type) => {
  expect(signalOf({ type, data: dataOf(type) })).toBeNull()
})

const garbage = [null, undefined, 1, 'text', [], {}, { threat: null }, { threat: { id: 1 } }, { incident: {} }, { component: [] }]
test.each([...signalTypes, 'monitor.down', '__proto__', 'constructor'])('%s with garbage says nothing', (type) => {
  for (const data of garbage) expect(signalOf({ type, data })).toBeNull()
})

describe('which rule opens an alert', () => {
  const site = { id: `site_${'0'.repeat(24)}`, name: 'Shop', url: 'https://shop.example/', tags: ['shop', 'eu'] } as const
  const none = { sources: [], types: [], severities: [], siteIds: [], tags: [], ruleIds: [] }
  const signal = signalOf({
    type: 'threat.detected',
    data: dataOf('threat.detected', { 'threat.severity': 'high', 'threat.type': 'technical_error', 'threat.rule': 'http.5xx' }),
  })
  test.each([
    ['no filter', {}, true],
    ['everything', { sources: ['*'] }, true],
    ['its slice', { sources: ['threat.*'] }, true],
    ['another slice', { sources: ['incident.*'] }, false],
    ['another event of it', { sources: ['threat.updated'] }, false],
    ['its type', { types: ['technical_error', 'ranking_drop'] }, true],
    ['another type', { types: ['ranking_drop'] }, false],
    ['its severity', { severities: ['critical', 'high'] }, true],
    ['another severity', { severities: ['critical'] }, false],
    ['its site', { siteIds: [site.id] }, true],
    ['another site', { siteIds: [`site_${'1'.repeat(24)}`] }, false],
    ['one of its tags', { tags: ['eu', 'us'] }, true],
    ['another tag', { tags: ['us'] }, false],
    ['its detection rule', { ruleIds: ['http.5xx'] }, true],
    ['another detection rule', { ruleIds: ['tls.expiry'] }, false],
    ['all of them, one of them wrong', { sources: ['*'], types: ['technical_error'], tags: ['us'] }, false],
  ])('%s: %j → %s', (_, filter, opens) => {
    if (!signal) throw new Error('No signal.')
    expect(opensFor({ filter: { ...none, ...filter } } as Parameters<typeof opensFor>[0], signal, site)).toBe(opens)
  })

  test('what is over opens nothing', () => {
    const over = signalOf({ type: 'threat.resolved', data: dataOf('threat.resolved') })
    expect(over && opensFor({ filter: none }, over, site)).toBe(false)
  })
})
