import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { freePort } from '@tocsin/db/embedded/free-port'
import { createClient } from 'redis'
import { redisProgram, redisWays } from './redis-program.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** The Redis of the run, shared by all tests: never FLUSHALL or stop it; `startRedis` gives one that may be broken. */
export function testRedisUrl(): string {
  const url = process.env['TEST_REDIS_URL']
  if (!url)
    throw new Error(
      'TEST_REDIS_URL is not set: name the file x.int.test.ts (or put it in tests/), so that it runs in a project that starts the servers.',
    )
  return url
}

export type OwnRedis = {
  url: string
  port: number
  /** Where it keeps its data: give it to the next `startRedis` to continue there. Removed by `stop` unless it was given. */
  dir: string
  stop: () => Promise<void>
  /** As a crash would: no goodbye, nothing written. */
  kill: () => Promise<void>
  /** Connections stay open and nothing answers. */
  pause: () => void
  resume: () => void
  flushAll: () => Promise<void>
}

export async function startRedis(
  options: { port?: number; appendonly?: boolean; dir?: string; clusterPort?: number } = {},
): Promise<OwnRedis> {
  const program = await redisProgram()
  if (!program) throw new Error(`A Redis that a test may break needs a redis-server program. ${redisWays}`)
  const dir = options.dir ?? temporaryFolder()
  const port = options.port ?? (await freePort())
  const settings = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    dir,
    '--save',
    '',
    '--appendonly',
    options.appendonly ? 'yes' : 'no',
    ...(options.clusterPort ? clusterSettings(options.clusterPort) : []),
  ]
  // KILL also ends a paused one when this process dies.
  const child = spawn('setpriv', ['--pdeathsig=KILL', program.path, ...settings], {
    env: { ...process.env, ...program.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await readyToAccept(child)
  const ended = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit')
      child.kill('SIGCONT')
      child.kill(signal)
      await exit
    }
  }
  const url = `redis://127.0.0.1:${port}`
  return {
    url,
    port,
    dir,
    stop: async () => {
      await ended('SIGTERM')
      if (!options.dir) rmSync(dir, { recursive: true, force: true })
    },
    kill: () => ended('SIGKILL'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    flushAll: () => flushAll(url),
  }
}

/**
 * A second without an answer and the others call a node dead. Its own port for the others: the usual one, ten thousand up, may not exist.
 * A replica is sent its copy at once.
 */
const clusterSettings = (port: number) => [
  ...['--cluster-enabled', 'yes', '--cluster-port', String(port), '--cluster-node-timeout', '1000'],
  ...['--repl-diskless-sync-delay', '0'],
]

async function readyToAccept(child: ChildProcessByStdio<null, Readable, null>): Promise<void> {
  const failed = new Promise<never>((_, fail) => child.once('error', fail))
  const said: string[] = []
  const read = async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      said.push(line)
      if (line.includes('Ready to accept connections')) return
    }
    throw new Error(`redis-server ended before it was ready:\n${said.join('\n')}`)
  }
  await Promise.race([read(), failed])
  child.stdout.resume() // Undrained, its log would fill the pipe and stop it.
}

async function flushAll(url: string): Promise<void> {
  const client = createClient({ url })
  client.on('error', () => undefined) // The command below rejects with the same error.
  await client.connect()
  try {
    await client.flushAll()
  } finally {
    await client.close()
  }
}
