import { connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import { createDatabase, DatabaseUnavailable } from './pool.ts'

const log = silentLog()
let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase()
})
afterAll(() => database.drop())

test('who stops in the middle of a transaction does not keep its locks', async () => {
  const db = createDatabase({ url: database.url, log, statementMs: 300 })
  const holding = Promise.withResolvers<void>()
  const wakes = Promise.withResolvers<void>()
  const sleeper = db.transaction('installation', async (sql) => {
    await sql.query('select pg_advisory_xact_lock(1)')
    holding.resolve()
    await wakes.promise
    await sql.query('select 1')
  })
  await holding.promise
  // Takes the lock as soon as the server has ended the sleeper's session; its own statement has as much time.
  const taken = async () => {
    const { rows } = await db.transaction('installation', (sql) =>
      sql.query<{ taken: boolean }>('select pg_try_advisory_xact_lock(1) as taken'),
    )
    return rows[0]?.taken
  }
  while (!(await taken()));
  wakes.resolve()
  await expect(sleeper).rejects.toThrow(DatabaseUnavailable)
  await db.close()
})

test('a failure that was swallowed is not taken for a commit', async () => {
  const db = createDatabase({ url: database.url, log })
  const swallowing = db.transaction('installation', async (sql) => {
    await sql.query('select 1 / 0').catch(() => {})
  })
  await expect(swallowing).rejects.toThrow('nothing was committed')
  await db.close()
})

test('a server that does not answer is unavailable, not waited for', async () => {
  const server = new URL(database.url)
  const sockets: Socket[] = []
  const wire = createServer((near) => {
    const far = connect(Number(server.port), server.hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on('error', () => {})
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve))
  const address = wire.address()
  const url = new URL(database.url)
  url.hostname = '127.0.0.1'
  url.port = typeof address === 'object' && address ? String(address.port) : ''
  const db = createDatabase({ url: url.href, log, statementMs: 100 })
  await db.ping()
  for (const socket of sockets) socket.unpipe().pause()
  await expect(db.transaction('installation', (sql) => sql.query('select 1'))).rejects.toThrow(DatabaseUnavailable)
  // The silent connection is gone: the next one asks anew.
  await db.transaction('installation', (sql) => sql.query('select 1'))
  await db.close()
  for (const socket of sockets) socket.destroy()
  await new Promise((resolve) => wire.close(resolve))
}, 15_000)
