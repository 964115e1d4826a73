import { expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { revocationOf } from './revocations.ts'

const at = '2026-03-01T10:00:00.000Z'
const userId = newId('user')
const apiKeyId = newId('apiKey')

test.each<[string, string, unknown, string | null]>([
  ['a member who was removed', 'member.removed', { userId }, `user:${userId}`],
  ['a member whose role changed', 'member.role_changed', { userId, role: 'viewer' }, `user:${userId}`],
  ['a key that was revoked', 'api_key.revoked', { apiKeyId }, `api_key:${apiKeyId}`],
  ['another event', 'site.deleted', { userId }, null],
  ['what only claims to be one', 'member.removed', { userId: 'me' }, null],
  ['what holds nothing', 'api_key.revoked', null, null],
])('%s', (_what, type, data, actor) => {
  expect(revocationOf({ type, at, data })).toEqual(actor === null ? null : { actor, atMs: Date.parse(at) })
})
