import { rmSync } from 'node:fs'
import { connect as connectHttp2, constants } from 'node:http2'
import { connect, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals'
import type { Bus } from '@tocsin/bus/bus'
import { createTroubledBus, diceOf } from '@tocsin/bus/bus.contract'
import { createMemoryBus } from '@tocsin/bus/memory'
import { system } from '@tocsin/contract/actor'
import { orgUpdated } from '@tocsin/contract/events/members'
import { scanProgressed } from '@tocsin/contract/events/scans'
import { newId } from '@tocsin/contract/ids'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { freePort } from '@tocsin/db/embedded/free-port'
import { migrate } from '@tocsin/db/migrate'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { prunePass } from '@tocsin/journal/prune'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import { commit, startTestGateway } from '@tocsin/testkit/gateway'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import type { Viewer } from '@tocsin/testkit/viewer'

const tester = system('test')
const cleanUps: (() => unknown)[] = []
let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url, log: silentLog() })
})
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const start = (env: Record<string, string> = {}, bus: Bus = createMemoryBus(), ownDb: Database = db) =>
  startTestGateway({ db: ownDb, cleanUps, env, bus })

const idsOf = (viewer: Viewer): number[] =>
  viewer.frames.filter((frame) => frame.event !== 'connected' && frame.event !== 'reset').flatMap((frame) => frame.id ?? [])
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const problem = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await fetch(url, { method, headers })
  const body: unknown = await response.json()
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    type: response.headers.get('content-type'),
    body,
  }
}

/** A socket that says a request and collects what comes, or reads nothing at all. */
async function rawSocket(
  port: number,
  path: string,
  reads: boolean,
): Promise<{ socket: Socket; text: () => string; closed: Promise<unknown> }> {
  const socket = connect({ port, host: '127.0.0.1', ...(reads ? {} : { highWaterMark: 1 }) })
  let text = ''
  if (reads) socket.on('data', (chunk) => (text += chunk))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => {}) // Cut by the other side: what the test is about.
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  cleanUps.push(() => socket.destroy())
  return { socket, text: () => text, closed }
}

test('a stream begins with where it stands and goes on with what is committed, in order', async () => {
  const { view, journal, orgId } = await start()
  const viewer = await view()
  await commit(journal, orgId, 3)
  await viewer.first('site.deleted', (frame) => frame.id === 4)
  expect(viewer.frames[0]).toMatchObject({ event: 'connected', id: 1, data: { orgId, seq: 1, heartbeatMs: 30_000 } })
  expect(viewer.frames[0]?.data['connectionId']).toMatch(/^con_/)
  expect(idsOf(viewer)).toEqual([2, 3, 4])
  const last = viewer.frames.at(-1)
  expect(last).toMatchObject({ id: 4, data: { seq: 4, type: 'site.deleted', orgId, actor: tester } })
})

test('nothing is missed over a bell that loses, doubles and reorders, whoever reconnects when', async () => {
  const dice = diceOf(7)
  const { view, journal, orgId, clock } = await start({}, createTroubledBus(createMemoryBus(), dice))
  const total = 241
  const watcher = async (): Promise<number[]> => {
    const seen: number[] = []
    while (seen.at(-1) !== total) {
      const viewer = await view(`last_event_id=${seen.at(-1) ?? 1}`)
      const until = Math.min(total, (seen.at(-1) ?? 1) + 1 + Math.floor(dice() * 80))
      await viewer.first('site.deleted', (frame) => (frame.id ?? 0) >= until)
      viewer.close()
      seen.push(...idsOf(viewer))
    }
    return seen
  }
  const watchers = Promise.all([watcher(), watcher(), watcher(), watcher()])
  await Promise.all([1, 2, 3, 4].map(() => commit(journal, orgId, 60)))
  clock.advance(2_000) // The sweep finds a lost last message.
  for (const seen of await watchers) expect(seen).toEqual(range(2, total))
}, 30_000)

test('all viewers of a filter get the same bytes, live and replayed from the window', async () => {
  const { journal, orgId, port, token, view } = await start()
  const path = `/v1/stream?token=${await token()}&last_event_id=1`
  const witness = await view()
  const one = await rawSocket(port, path, true)
  await commit(journal, orgId, 20, 5)
  await witness.first('site.deleted', (frame) => frame.id === 21)
  const two = await rawSocket(port, path, true)
  const events = (text: string) => text.slice(text.indexOf('event: site.deleted'))
  await Promise.all(
    [one, two].map(
      (each) =>
        new Promise<void>((resolve) => {
          const look = () => (each.text().includes('id: 21\n') ? resolve() : each.socket.once('data', () => setImmediate(look)))
          look()
        }),
    ),
  )
  expect(events(one.text())).toBe(events(two.text()))
  expect(events(one.text()).match(/^id: /gm)).toHaveLength(20)
})

test('a filter lets through what it names; a token narrows it further', async () => {
  const { view, url, token, journal, orgId } = await start()
  const [sites, scans] = [await view('events=site.*,threat.*'), await view('events=scan.*')]
  const narrow = await view(`events=*&token=${await token({ events: ['scan.*'] })}`, {})
  await commit(journal, orgId, 2)
  await journal.announce(orgId, tester, scanProgressed, {
    scanId: newId('scan'),
    siteId: newId('site'),
    percentage: 5,
    step: 'crawl',
    pagesDone: 1,
    pagesTotal: 20,
  })
  for (const viewer of [scans, narrow])
    expect(await viewer.first('scan.progressed')).toMatchObject({ id: null, data: { seq: null } })
  await sites.first('site.deleted', (frame) => frame.id === 3)
  expect([idsOf(sites), idsOf(scans), idsOf(narrow)]).toEqual([[2, 3], [], []])
  expect((await problem(`${url}/v1/stream?events=site.*&token=${await token({ events: ['scan.*'] })}`)).status).toBe(403)
})

test('who comes back from before retention, or from another journal, is told to take a snapshot and goes on from the head', async () => {
  const { view, journal, orgId, clock } = await start()
  await commit(journal, orgId, 30)
  await prunePass({ db, journal }, new Date(clock.now().getTime() + 1))
  const [expired, ahead] = [await view('last_event_id=5'), await view('last_event_id=900')]
  expect(await expired.first('reset')).toMatchObject({ id: 31, data: { reason: 'expired', seq: 31 } })
  expect(await ahead.first('reset')).toMatchObject({ id: 31, data: { reason: 'ahead', seq: 31 } })
  await commit(journal, orgId, 1)
  for (const viewer of [expired, ahead]) {
    await viewer.first('site.deleted', (frame) => frame.id === 32)
    expect(idsOf(viewer)).toEqual([32])
  }
})

test('what the window no longer holds comes from the journal, a page for all who need it', async () => {
  const { view, journal, orgId, metrics } = await start({ GATEWAY_WINDOW_EVENTS: '10', GATEWAY_STREAMS_PER_USER: '1000' })
  const witness = await view()
  await commit(journal, orgId, 600, 20)
  await witness.first('site.deleted', (frame) => frame.id === 601)
  const storm = await Promise.all(range(1, 150).map((seq) => view(`since=${seq}`)))
  await Promise.all(storm.map((viewer) => viewer.first('site.deleted', (frame) => frame.id === 601)))
  for (const [index, viewer] of storm.entries()) expect(idsOf(viewer)).toEqual(range(index + 2, 601))
  const reads = (await metrics.registry.getSingleMetric('tocsin_gateway_journal_reads_total')?.get())?.values[0]?.value
  expect(reads).toBeLessThan(20)
}, 30_000)

test('a viewer who does not read is cut; the others hear nothing of it', async () => {
  const { view, journal, orgId, port, token, clock, metrics } = await start()
  const viewer = await view()
  const slow = await rawSocket(port, `/v1/stream?token=${await token()}`, false)
  slow.socket.pause()
  const org = {
    id: orgId,
    name: 'x'.repeat(100_000),
    dailyAlertLimit: 3,
    dailyCriticalReserve: 3,
    uptimeThresholdPercent: 95,
    dailyHour: 6,
    webhookRetries: 'standard' as const,
    createdAt: '2026-01-01T00:00:00Z',
    version: 1,
  }
  // The kernel takes some megabytes for the socket, so it needs more than the limit alone.
  for (let seq = 2; seq <= 201; seq += 1) {
    await journal.change(orgId, tester, async (change) => change.emit(orgUpdated, { org }))
    await viewer.first('org.updated', (frame) => frame.id === seq)
  }
  expect(idsOf(viewer)).toEqual(range(2, 201))
  clock.advance(5_000)
  slow.socket.resume()
  await slow.closed
  const ended = (await metrics.registry.getSingleMetric('tocsin_gateway_streams_ended_total')?.get())?.values
  expect(ended).toContainEqual({ labels: { reason: 'overflow' }, value: 1 })
}, 60_000)

test('a token ends its stream, not without a warning', async () => {
  const { view, token, clock } = await start({ GATEWAY_LIFETIME_SECONDS: '86400' })
  const viewer = await view(`token=${await token()}`, {})
  clock.advance(59 * 60_000 + 5_000)
  expect((await viewer.first('token_expiring')).data).toMatchObject({ expiresIn: expect.any(Number) })
  clock.advance(60_000)
  await viewer.ended
})

test('silence is filled with heartbeats, and a long life ends', async () => {
  const { view, clock } = await start()
  const viewer = await view()
  clock.advance(31_000)
  await viewer.first('heartbeat')
  clock.advance(15 * 60_000 + 1_000)
  await viewer.ended
})

test('everybody is let go when it stops, and nobody is let in', async () => {
  const { view, service } = await start()
  const viewers = await Promise.all(range(1, 30).map(() => view()))
  await service.stop()
  await Promise.all(viewers.map((viewer) => viewer.ended))
  await expect(view()).rejects.toThrow()
})

test('who is here is announced, at most once a second', async () => {
  const { view, orgId } = await start()
  const viewer = await view('events=presence.*')
  const second = await view()
  const both = await viewer.first('presence.changed', ({ data }) => JSON.stringify(data).includes('"connections":2'))
  expect(both).toMatchObject({ id: null, data: { orgId, seq: null } })
  second.close()
  await viewer.first(
    'presence.changed',
    ({ data }) => viewer.frames.indexOf(both) >= 0 && JSON.stringify(data).includes('"connections":1'),
  )
})

test('HTTP/2 by prior knowledge carries many streams on one connection', async () => {
  const { url, journal, orgId, key } = await start()
  const session = connectHttp2(url)
  cleanUps.push(() => session.destroy())
  const open = (path: string, headers: Record<string, string>) => {
    const stream = session.request({ [constants.HTTP2_HEADER_PATH]: path, ...headers })
    let text = ''
    const waiting: (() => void)[] = []
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
      for (const look of waiting) look()
    })
    const says = (wanted: string) =>
      new Promise<void>((resolve) => {
        const look = () => text.includes(wanted) && resolve()
        waiting.push(look)
        look()
      })
    const status = new Promise((resolve) => stream.once('response', (answer) => resolve(answer[':status'])))
    return { says, status }
  }
  const streams = range(1, 20).map(() => open('/v1/stream?since=1', { authorization: `Bearer ${key}` }))
  await Promise.all(streams.map((stream) => stream.says('event: connected')))
  await commit(journal, orgId, 5)
  await Promise.all(streams.map((stream) => stream.says('id: 6\n')))
  expect(await open('/v1/stream', {}).status).toBe(401)
  expect(await open('/health', {}).status).toBe(404)
})

test('a request that is not plain gets the same stream from the other parser', async () => {
  const { port, key, journal, orgId } = await start()
  const socket = connect({ port, host: '127.0.0.1' })
  cleanUps.push(() => socket.destroy())
  let text = ''
  const says = (wanted: string) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (text.includes(wanted)) resolve()
        else socket.once('data', () => setImmediate(look))
      }
      look()
    })
  socket.on('data', (chunk) => (text += chunk))
  for (const piece of ['P', 'OST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}'])
    await new Promise<void>((sent) => socket.write(piece, () => setImmediate(sent)))
  await says('"status":"ok"')
  socket.write(`GET /v1/stream HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${key}\r\nContent-Length: 0\r\n\r\n`)
  await says('event: connected')
  expect(text.slice(text.indexOf('text/event-stream'))).not.toMatch(/chunked/i)
  await commit(journal, orgId, 1)
  await says('id: 2\n')
})

test('streams stay open while Postgres is away, newcomers are asked to wait, and work goes on by itself', async () => {
  const dataDir = temporaryFolder()
  const server = { dataDir, durable: false, log: silentLog(), port: await freePort() }
  const first = await startEmbeddedPostgres(server)
  await migrate(first.url)
  const ownDb = createDatabase({ url: first.url, log: silentLog() })
  cleanUps.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const { view, url, key, token, journal, orgId } = await start(
    {},
    createTroubledBus(createMemoryBus(), () => 0),
    ownDb,
  )
  const viewer = await view()
  await first.stop()
  const away = await problem(`${url}/v1/stream`, { authorization: `Bearer ${key}` })
  expect(away).toMatchObject({ status: 503, retryAfter: expect.any(String), body: { code: 'unavailable' } })
  await expect(commit(journal, orgId, 1)).rejects.toMatchObject({ name: 'DatabaseUnavailable' })
  const withToken = await view(`token=${await token()}`, {}) // Neither the token nor the window needs the database.
  const second = await startEmbeddedPostgres(server)
  cleanUps.splice(1, 0, async () => {
    await ownDb.close()
    await second.stop()
  })
  await commit(journal, orgId, 3)
  // The bell loses everything: it is the sweep that finds them.
  for (const each of [viewer, withToken]) {
    await each.first('site.deleted', (frame) => frame.id === 4)
    expect(idsOf(each)).toEqual([2, 3, 4])
  }
}, 30_000)
