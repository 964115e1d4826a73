import { afterAll, beforeAll, expect, jest, test } from '@jest/globals'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId } from '@tocsin/contract/ids'
import { prunePass } from '@tocsin/journal/prune'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { isEvent, openViewer } from '@tocsin/testkit/viewer'

jest.setTimeout(120_000)

let fleet: TestFleet
let org: TestOrg

beforeAll(async () => {
  fleet = await startTestFleet()
  org = await fleet.org('viewers')
})
afterAll(() => fleet?.stop())

/** Something durable happens, `count` times. */
async function happen(count: number): Promise<number> {
  for (let n = 0; n < count; n += 1) {
    await fleet.fleet.foundation.journal.change(org.orgId, { kind: 'system', id: 'test' }, async (change) => {
      change.emit(memberRemoved, { userId: newId('user') })
    })
  }
  return (await org.call<{ head: number }>('GET', '/v1/events?limit=1')).head
}

test('a viewer that comes back with its last id has missed nothing', async () => {
  const first = await org.view()
  const seen = await happen(3)
  await first.first('member.removed', (frame) => frame.id === seen)
  first.close()
  await first.ended
  const head = await happen(5)
  const again = await org.view(`&last_event_id=${seen}`)
  await again.first('member.removed', (frame) => frame.id === head)
  expect(again.frames.filter(isEvent).map((frame) => frame.id)).toEqual([1, 2, 3, 4, 5].map((n) => seen + n))
  again.close()
})

test('a viewer older than the retention is told to take a fresh snapshot', async () => {
  await happen(3)
  fleet.clock.advance(100 * 24 * 3_600_000)
  const { db, journal, clock } = fleet.fleet.foundation
  await prunePass({ db, journal }, clock.now())
  const viewer = await org.view('&last_event_id=1')
  expect((await viewer.first('reset')).data).toMatchObject({ reason: 'expired' })
  const ahead = await org.view('&last_event_id=999999')
  expect((await ahead.first('reset')).data).toMatchObject({ reason: 'ahead' })
  viewer.close()
  ahead.close()
})

test('a credential of another org opens no stream and sees no event', async () => {
  const stranger = await fleet.org('stranger')
  const streamOf = (credential: string) =>
    openViewer(`${fleet.url}/v1/stream?org_id=${org.orgId}`, { headers: { authorization: `Bearer ${credential}` } })
  await expect(streamOf(stranger.apiKey)).rejects.toThrow(/40[34]/)
  const { token } = await stranger.call<{ token: string }>('POST', '/v1/realtime/token', {})
  await expect(streamOf(token)).rejects.toThrow(/40[34]/)
  const own = await stranger.view()
  await happen(3)
  await fleet.fleet.foundation.journal.change(stranger.orgId, { kind: 'system', id: 'test' }, async (change) => {
    change.emit(memberRemoved, { userId: newId('user') })
  })
  await own.first('member.removed')
  expect(own.frames.filter(isEvent).every((frame) => frame.data['orgId'] === stranger.orgId)).toBe(true)
  own.close()
})
