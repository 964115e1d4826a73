import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { homeFromInside, type ServerHome, withFolder } from './home.ts'
import { spawnAs } from './server-user.ts'

/** Recovery after a crash replays at most max_wal_size (1 GB), which a slow disk does within this. */
const readyMsMax = 5 * 60_000

type Launch = { home: ServerHome; binaries: string; port: number; durable: boolean }

/** Resolves when the server takes connections; rejects with the end of its log when it does not come to that. */
export async function launchServer({ home, binaries, port, durable }: Launch): Promise<ChildProcess> {
  const logStart = existsSync(home.logFile) ? statSync(home.logFile).size : 0
  const child = await withFolder(home, (descriptor) => {
    // A file, not a pipe: a pipe that nobody drains would stop the server.
    const log = openSync(home.logFile, 'a', 0o600)
    try {
      return spawnAs(
        home.user,
        join(binaries, 'bin/postgres'),
        ['-D', `${homeFromInside}/cluster`, ...settings(port, durable)],
        ['ignore', log, log, descriptor],
      )
    } finally {
      closeSync(log)
    }
  })
  const failed = new Promise<Error>((fail) => child.once('error', fail)) // setpriv is missing.
  const outcome = await Promise.race([ready(child, join(home.clusterDir, 'postmaster.pid')), failed])
  if (outcome === 'ready') return child
  if (outcome instanceof Error)
    throw new Error('Postgres is started with setpriv (package util-linux), which is missing here.', { cause: outcome })
  await endServer(child)
  throw new Error(
    `Postgres did not start (${outcome}); the end of ${home.logFile}:\n${readFileSync(home.logFile, 'utf8').slice(logStart).slice(-4_000)}`,
  )
}

/** Safe to call for a server that has ended. */
export async function endServer(child: ChildProcess): Promise<void> {
  for (const { signal, waitMs } of [
    { signal: 'SIGINT', waitMs: 7_000 } as const,
    { signal: 'SIGQUIT', waitMs: 2_000 } as const,
  ]) {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await Promise.race([ended, delay(waitMs, undefined, { ref: false })])
  }
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

function settings(port: number, durable: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    log_min_messages: 'warning',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** Postgres writes its state to the eighth line of postmaster.pid; the first says whose it is. */
async function ready(child: ChildProcess, pidFile: string): Promise<'ready' | 'ended' | 'not ready in time'> {
  for (const deadline = performance.now() + readyMsMax; performance.now() < deadline; await delay(10)) {
    if (child.exitCode !== null || child.signalCode !== null) return 'ended'
    const lines = existsSync(pidFile) ? readFileSync(pidFile, 'utf8').split('\n') : []
    if (lines[0] === String(child.pid) && lines[7]?.trim() === 'ready') return 'ready'
  }
  return 'not ready in time'
}
