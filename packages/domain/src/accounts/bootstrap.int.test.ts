import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { principalOfApiKey } from '../members/authenticate.ts'
import { signIn } from './accounts.ts'
import { bootstrap } from './bootstrap.ts'
import { createPasswordHasher } from './password.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const input = { email: 'admin@example.com', password: 'correct horse', apiKey: `tcn_${'0'.repeat(32)}`, orgName: 'First' }

test('several services that start at once make one admin, one org and one key; later starts change nothing', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => bootstrap(world, input)))
  expect(new Set(made.map((admin) => JSON.stringify(admin))).size).toBe(1)
  const [admin] = made
  if (!admin) throw new Error('Nobody was made.')
  const again = await world.eventsDuring(admin.orgId, async () => {
    expect(await bootstrap(world, { ...input, password: 'another one' })).toEqual(admin)
  })
  expect(again).toEqual([])
  expect(await principalOfApiKey(world.db, input.apiKey, world.clock.now())).toMatchObject({ orgId: admin.orgId, scope: 'admin' })
  const deps = { db: world.db, hasher: createPasswordHasher(), now: world.clock.now() }
  expect(await signIn(deps, input)).toMatch(/^[\w-]{43}$/)
})
