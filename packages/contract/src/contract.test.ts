import { expect, test } from '@jest/globals'
import { endpoints } from './api/catalog.ts'
import { matchesPattern } from './event.ts'
import { events } from './events/catalog.ts'
import { idSchema, newId, SiteId } from './ids.ts'

test('an id carries its kind and no other kind accepts it', () => {
  const id = newId('site')
  expect(SiteId.parse(id)).toBe(id)
  expect(idSchema('scan').safeParse(id).success).toBe(false)
  expect(SiteId.safeParse(`${id}'; drop table site`).success).toBe(false)
  expect(new Set(Array.from({ length: 1_000 }, () => newId('scan'))).size).toBe(1_000)
})

test.each([
  ['*', 'threat.detected', true],
  ['threat.*', 'threat.detected', true],
  ['threat.*', 'threats.detected', false],
  ['threat.detected', 'threat.detected', true],
  ['threat.detected', 'threat.updated', false],
])('%s matches %s: %s', (pattern, type, expected) => {
  expect(matchesPattern(pattern, type)).toBe(expected)
})

test('every event is declared once, named slice, dot, past participle', () => {
  const types = events.map((event) => event.type)
  expect(new Set(types).size).toBe(types.length)
  for (const type of types) expect(type).toMatch(/^[a-z_]+\.[a-z_]+$/)
})

test('every endpoint is declared once, and each placeholder of its path is a parameter', () => {
  const routes = endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path}`)
  expect(new Set(routes).size).toBe(routes.length)
  for (const endpoint of endpoints) {
    const placeholders = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
    expect(placeholders).toEqual(Object.keys(endpoint.params.shape))
  }
})
