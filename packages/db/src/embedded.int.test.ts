import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { createLog, silentLog } from '@tocsin/process/log'
import pg from 'pg'
import { endServersIn } from './embedded/leftovers.ts'
import { startEmbeddedPostgres } from './embedded.ts'

const log = silentLog()
let root: string
let dataDir: string
let cleanUps: (() => unknown)[]

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tocsin-embedded-'))
  dataDir = join(root, 'data')
  cleanUps = [() => rmSync(root, { recursive: true, force: true })]
})
afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp()
})

const start = async (durable = true) => {
  const server = await startEmbeddedPostgres({ dataDir, durable, log })
  cleanUps.push(server.stop)
  return server
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

const serverPid = () => Number(readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8').split('\n')[0])

/** Another program that has the server, as `npm start` would. */
async function startInAnotherProcess(): Promise<{ owner: ChildProcess; url: string }> {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(join(import.meta.dirname, 'embedded.ts'))})
    const { silentLog } = await import('@tocsin/process/log')
    const { url } = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: true, log: silentLog() })
    console.log(url)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanUps.push(async () => {
    await killed(owner)
    await endServersIn(join(dataDir, 'postgres/cluster')) // Or it would still write while its folder is being removed.
  })
  const [url] = await once(createInterface(owner.stdout), 'line')
  return { owner, url: String(url) }
}

async function killed(child: ChildProcess): Promise<void> {
  if (child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

test('what was written is there after a stop and a start', async () => {
  const first = await start()
  await query(first.url, "create table note as select 'kept' as text")
  await first.stop()
  await first.stop() // Stopping twice is not an error.
  const second = await start()
  expect(await query(second.url, 'select text from note')).toEqual([{ text: 'kept' }])
})

test('what was committed survives kill -9 of the server and its owner', async () => {
  const { owner, url } = await startInAnotherProcess()
  await query(url, "create table note as select 'kept' as text")
  process.kill(serverPid(), 'SIGKILL')
  await killed(owner)
  const again = await start()
  expect(await query(again.url, 'select text from note')).toEqual([{ text: 'kept' }])
})

test('a server left by a killed owner does not bar the next start', async () => {
  const { owner, url } = await startInAnotherProcess()
  await query(url, "create table note as select 'kept' as text")
  const left = serverPid()
  process.kill(left, 'SIGSTOP') // So it cannot obey the kernel's request to end with its owner.
  await killed(owner)
  const resumed = start()
  process.kill(left, 'SIGCONT')
  const again = await resumed
  expect(serverPid()).not.toBe(left)
  expect(await query(again.url, 'select text from note')).toEqual([{ text: 'kept' }])
})

test('a lock file that names a process of somebody else is no obstacle', async () => {
  const first = await start()
  const lockFile = readFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), 'utf8')
  await first.stop()
  writeFileSync(join(dataDir, 'postgres/cluster/postmaster.pid'), lockFile.replace(/^\d+/, String(process.pid)))
  const second = await start()
  expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('a second start on the same folder says who has it', async () => {
  const { owner } = await startInAnotherProcess()
  await expect(start()).rejects.toThrow(`in use by process ${owner.pid}`)
})

test('a server that dies comes back on the same address', async () => {
  const lines = new PassThrough()
  const server = await startEmbeddedPostgres({
    dataDir,
    durable: true,
    log: createLog({ service: 'test', level: 'info', destination: lines }),
  })
  cleanUps.push(server.stop)
  await query(server.url, "create table note as select 'kept' as text")
  process.kill(serverPid(), 'SIGKILL')
  for await (const line of createInterface(lines)) if (line.includes('runs again')) break
  expect(await query(server.url, 'select text from note')).toEqual([{ text: 'kept' }])
})

test('a data folder below one that is closed to others works', async () => {
  const closed = join(root, 'closed')
  mkdirSync(closed, { mode: 0o700 })
  chmodSync(root, 0o700)
  dataDir = join(closed, 'data')
  const { url } = await start()
  expect(await query(url, 'select 1 as one')).toEqual([{ one: 1 }])
})

test('nobody gets in without the password, which only its owner can read', async () => {
  const { url } = await start(false)
  const stranger = new URL(url)
  stranger.password = 'guess'
  await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect(statSync(join(dataDir, 'postgres/password')).mode & 0o777).toBe(0o600)
  expect(
    await query(
      url,
      "select name, setting from pg_settings where name in ('listen_addresses', 'unix_socket_directories') order by name",
    ),
  ).toEqual([
    { name: 'listen_addresses', setting: '127.0.0.1' },
    { name: 'unix_socket_directories', setting: '' },
  ])
})
