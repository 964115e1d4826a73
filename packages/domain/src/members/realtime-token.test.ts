import { expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import { deriveKey } from '@tocsin/process/secret-box'
import { SignJWT } from 'jose'
import { signRealtimeToken, verifyRealtimeToken } from './realtime-token.ts'

const key = deriveKey('a secret that only tests may know, 32+', 'realtime-token')
const now = new Date('2026-03-01T10:00:00.000Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const claims = { orgId: newId('org'), actor: { kind: 'user', id: newId('user') }, scope: 'read', events: ['threat.*'] } as const

test('says whose stream it opens, for an hour', async () => {
  const { token, expiresIn } = await signRealtimeToken(key, { ...claims, events: [...claims.events] }, now)
  expect(expiresIn).toBe(3600)
  expect(await verifyRealtimeToken(key, token, later(3599))).toEqual({ ...claims, expiresAt: later(3600) })
  expect(await verifyRealtimeToken(key, token, later(3600))).toBeNull()
})

test('one that was changed, or that another key or another purpose signed, opens nothing', async () => {
  const { token } = await signRealtimeToken(key, { ...claims, events: [...claims.events] }, now)
  const [head, body, signature = ''] = token.split('.')
  const others = [
    `${head}.${body}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`,
    `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`,
    'nonsense',
    '',
    (await signRealtimeToken(deriveKey('another secret', 'realtime-token'), { ...claims, events: [] }, now)).token,
    await new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' }).setIssuer('tocsin').setAudience('other').sign(key),
    await new SignJWT({ ...claims, orgId: 'x' })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer('tocsin')
      .setAudience('realtime')
      .sign(key),
  ]
  for (const other of others) expect(await verifyRealtimeToken(key, other, now)).toBeNull()
})
