import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { newId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { createSecretBox } from '@tocsin/process/secret-box'
import { openTestFoundation, type TestFoundation } from '@tocsin/testkit/foundation'
import { answerGiven, forgetOldAnswers, once } from './idempotency.ts'

let world: TestFoundation
beforeAll(async () => {
  world = await openTestFoundation()
})
afterAll(() => world.close())

const box = createSecretBox('a secret that only tests may know, 32+', 'idempotency')
const rename = (name: string) => async (change: Change) => {
  await change.tx.query('update org set name = name || $1', [name])
  return { name }
}

test('what dies before it commits leaves nothing behind: the next one does the work', async () => {
  const request = { orgId: await world.newOrg(), credentialId: newId('apiKey'), key: 'k', request: ['rename'] }
  const dying = world.change(request.orgId, async (change) => {
    await once(change, box, request, () => rename('1')(change))
    throw new Error('The process died here.')
  })
  await expect(dying).rejects.toThrow('died')
  expect(await answerGiven(world.db, box, request, world.clock.now())).toBeNull()
  for (let index = 0; index < 2; index += 1)
    await world.change(request.orgId, (change) => once(change, box, request, () => rename('1')(change)))
  const { rows } = await world.journal.read(request.orgId, (sql) => sql.query('select name from org'))
  expect(rows).toEqual([{ name: 'Test1' }])
})

test('answers are forgotten after a day', async () => {
  const request = { orgId: await world.newOrg(), credentialId: newId('apiKey'), key: 'k', request: ['rename'] }
  await world.change(request.orgId, (change) => once(change, box, request, () => rename('1')(change)))
  world.clock.advance(24 * 3600_000 + 1)
  const gone = await world.db.transaction('installation', (sql) => forgetOldAnswers(sql, world.clock.now(), 100))
  expect(gone).toBeGreaterThanOrEqual(1)
  const { rows } = await world.journal.read(request.orgId, (sql) => sql.query('select key from idempotency'))
  expect(rows).toEqual([])
})
