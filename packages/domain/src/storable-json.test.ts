import { expect, test } from '@jest/globals'
import { storableJson } from './storable-json.ts'

test.each<[string, unknown, unknown]>([
  [
    'nothing odd',
    { a: ['ä日本🔔', '\\ud800 in words', '\\u0000 too'], b: null },
    { a: ['ä日本🔔', '\\ud800 in words', '\\u0000 too'], b: null },
  ],
  ['a NUL', { a: 'x\0y' }, { a: 'xy' }],
  ['half a surrogate pair, first and last', ['\ud800x', 'x\udfff'], ['\ufffdx', 'x\ufffd']],
  ['JSON in JSON', { facts: JSON.stringify({ title: '\ud83d cut' }) }, { facts: JSON.stringify({ title: '\ud83d cut' }) }],
])('%s', (_what, value, stored) => expect(JSON.parse(storableJson(value))).toEqual(stored))
