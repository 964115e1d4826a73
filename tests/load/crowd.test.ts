import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { memberRemoved } from '@tocsin/contract/events/members'
import { newId } from '@tocsin/contract/ids'
import { startTestFleet, type TestFleet, type TestOrg } from '@tocsin/testkit/fleet'
import { isEvent } from '@tocsin/testkit/viewer'

const viewerCount = 400
const eventCount = 300

let fleet: TestFleet
let org: TestOrg
beforeAll(async () => {
  fleet = await startTestFleet({ GATEWAY_STREAMS_PER_USER: '1000', GATEWAY_STREAMS_PER_IP: '1000' })
  org = await fleet.org('crowd')
})
afterAll(() => fleet?.stop())

/** A browser tab that is asleep: it asks for the stream and never reads it. */
function openSleeper(): Socket {
  const { hostname, port } = new URL(fleet.url)
  const socket = connect({ host: hostname, port: Number(port) })
  socket.on('error', () => {}) // Being cut is what happens to it.
  socket.write(`GET /v1/stream?token=${org.apiKey} HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`)
  socket.pause()
  return socket
}

async function happen(count: number): Promise<void> {
  for (let done = 0; done < count; done += 20)
    await fleet.fleet.foundation.journal.change(org.orgId, { kind: 'system', id: 'test' }, async (change) => {
      for (let n = 0; n < 20; n += 1) change.emit(memberRemoved, { userId: newId('user') })
    })
}

test('a crowd sees every event once and in order, beside those who do not read', async () => {
  const viewers = await Promise.all(Array.from({ length: viewerCount }, () => org.view()))
  const sleepers = Array.from({ length: 20 }, openSleeper)
  const { head } = await org.call<{ head: number }>('GET', '/v1/events?limit=1')
  await happen(eventCount)
  await Promise.all(viewers.map((viewer) => viewer.first('member.removed', (frame) => frame.id === head + eventCount)))
  const expected = Array.from({ length: eventCount }, (_, n) => head + 1 + n)
  for (const viewer of viewers) expect(viewer.frames.filter(isEvent).map((frame) => frame.id)).toEqual(expected)
  for (const viewer of viewers) viewer.close()
  for (const sleeper of sleepers) sleeper.destroy()
})

test('a crowd that comes back at once is served what it missed', async () => {
  const { head } = await org.call<{ head: number }>('GET', '/v1/events?limit=1')
  await happen(eventCount)
  const viewers = await Promise.all(Array.from({ length: viewerCount }, () => org.view(`&last_event_id=${head}`)))
  await Promise.all(viewers.map((viewer) => viewer.first('member.removed', (frame) => frame.id === head + eventCount)))
  for (const viewer of viewers) {
    expect(viewer.frames.filter(isEvent)).toHaveLength(eventCount)
    viewer.close()
  }
})
