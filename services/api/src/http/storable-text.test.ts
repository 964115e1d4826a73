import { expect, test } from '@jest/globals'
import { firstUnstorableText } from './storable-text.ts'

test.each([
  { value: { a: ['fine', { b: '\0' }] }, path: 'a.1.b' },
  { value: { a: 'half \ud83d' }, path: 'a' },
  { value: { ok: { 'k\0': 1 } }, path: 'ok' },
  { value: '\0', path: '' },
  { value: { a: '🧨', b: [null, 1, true] }, path: null },
  { value: undefined, path: null },
])('$path', ({ value, path }) => expect(firstUnstorableText(value)).toBe(path))

test('a value as deep as a body may be does not end the process', () => {
  const deep: unknown = JSON.parse(`${'['.repeat(500_000)}"\\u0000"${']'.repeat(500_000)}`)
  expect(firstUnstorableText(deep)).toMatch(/^0\.0\.0/)
})
