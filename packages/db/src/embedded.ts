import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '@tocsin/process/log'
import pg from 'pg'
import { reachableBinaries } from './embedded/binaries.ts'
import { freePort } from './embedded/free-port.ts'
import { createCluster, openHome, type ServerHome } from './embedded/home.ts'
import { endServersIn } from './embedded/leftovers.ts'
import { takeLock } from './embedded/lock.ts'
import { endServer, launchServer } from './embedded/server.ts'

export type EmbeddedPostgresOptions = {
  /** The cluster lives in its sub-folder `postgres`, beside its password and log. */
  dataDir: string
  /** False gives up everything a power cut could take, for speed: for tests only. */
  durable: boolean
  log: Log
  /** Without it a free one is taken; a server that dies comes back on the same one. */
  port?: number
}

export type EmbeddedPostgres = { url: string; stop: () => Promise<void> }

const databaseName = 'tocsin'

/**
 * A Postgres of our own on loopback, for as long as this process lives: the kernel ends the server when we are killed, and what a
 * crash left behind is ended before a new server starts on its folder.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const home = openHome(join(resolve(options.dataDir), 'postgres'))
  const lock = await takeLock(createHash('sha256').update(home.password).digest('hex'), options.dataDir)
  try {
    const binaries = await reachableBinaries(home.user)
    await endServersIn(home.clusterDir)
    await createCluster(home, binaries, options.durable)
    const { child, port } = await launchOnFreePort(home, binaries, options)
    const url = `postgres://postgres:${home.password}@127.0.0.1:${port}`
    const stopping = new AbortController()
    const relaunch = async () => {
      await endServersIn(home.clusterDir)
      return await launchServer({ home, binaries, port, durable: options.durable })
    }
    const ended = keepRunning(child, relaunch, stopping.signal, options.log).finally(lock.release)
    const stop = () => {
      stopping.abort()
      return ended
    }
    try {
      await createDatabase(url)
    } catch (error) {
      await stop()
      throw error
    }
    return { url: `${url}/${databaseName}`, stop }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/** Between asking for a free port and listening on it, another program may take it: then another one is tried. */
async function launchOnFreePort(home: ServerHome, binaries: string, options: EmbeddedPostgresOptions) {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port ?? (await freePort())
    try {
      return { port, child: await launchServer({ home, binaries, port, durable: options.durable }) }
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('Address already in use')
      if (!taken || options.port !== undefined || attempt === 5) throw error
      options.log.warn({ port }, 'The port for Postgres was taken at the last moment; trying another.')
    }
  }
}

async function keepRunning(
  first: ChildProcess,
  relaunch: () => Promise<ChildProcess>,
  stopping: AbortSignal,
  log: Log,
): Promise<void> {
  const stopped = new Promise<void>((done) => stopping.addEventListener('abort', () => done(), { once: true }))
  let child = first
  for (;;) {
    if (child.exitCode === null && child.signalCode === null) await Promise.race([once(child, 'exit'), stopped])
    if (stopping.aborted) return await endServer(child)
    log.error({ code: child.exitCode, signal: child.signalCode }, 'The embedded Postgres ended by itself; starting it again.')
    try {
      child = await relaunch()
      log.info({}, 'The embedded Postgres runs again.')
    } catch (error) {
      log.error({ err: error }, 'The embedded Postgres could not be started again; trying once more in a second.')
      await Promise.race([delay(1_000, undefined, { ref: false }), stopped])
    }
  }
}

async function createDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${url}/postgres` })
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [databaseName])
    if (rowCount === 0) await client.query(`create database ${databaseName}`)
  } finally {
    await client.end()
  }
}
