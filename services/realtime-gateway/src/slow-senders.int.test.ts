import { connect } from 'node:net'
import { afterAll, beforeAll, test } from '@jest/globals'
import { createDatabase, type Database } from '@tocsin/db/pool'
import { silentLog } from '@tocsin/process/log'
import { createTestDatabase, type TestDatabase } from '@tocsin/testkit/database'
import { startTestGateway } from '@tocsin/testkit/gateway'

const cleanUps: (() => unknown)[] = []
let database: TestDatabase
let db: Database
let port: number

beforeAll(async () => {
  database = await createTestDatabase()
  db = createDatabase({ url: database.url, log: silentLog() })
  port = (await startTestGateway({ db, cleanUps, env: { GATEWAY_REQUEST_SECONDS: '1' } })).port
})
afterAll(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
  await db.close()
  await database.drop()
})

/** Says something, never hangs up by itself, and waits until the other side has gone for good. */
async function endOf(said: string): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  cleanUps.push(() => socket.destroy())
  socket.resume()
  socket.write(said)
  await new Promise<void>((resolve) => {
    socket.once('error', () => resolve()) // The answer to what is said to somebody who has gone.
    socket.once('close', resolve)
    const sayMore = () => socket.write('x', () => setImmediate(sayMore))
    socket.once('end', sayMore)
  })
}

test.each([
  { what: 'nothing', said: '' },
  { what: 'half a head', said: 'GET /v1/stream HTTP/1.1\r\nHost: a\r\n' },
  { what: 'half a body', said: 'POST /health HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n' },
  { what: 'half a preface of HTTP/2', said: 'PRI * HTT' },
  { what: 'a preface of HTTP/2 and no request', said: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0' },
  { what: 'a request that is refused', said: 'GET /v1/stream HTTP/1.1\r\nHost: a\r\n\r\n' },
])('who says $what does not hold a socket', async ({ said }) => endOf(said), 8_000)
