import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { runAs, type ServerUser, serverUserFor } from './server-user.ts'

export type ServerHome = { folder: string; clusterDir: string; logFile: string; password: string; user: ServerUser }

/** The path by which the server enters its home: see `withFolder`. */
export const homeFromInside = '/proc/self/fd/3'

const logBytesMax = 5 * 1024 * 1024

export function openHome(folder: string): ServerHome {
  const user = serverUserFor(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user.switched) chownSync(folder, user.uid, user.gid)
  chmodSync(folder, 0o700)
  const clusterDir = join(folder, 'cluster')
  const logFile = join(folder, 'postgres.log')
  // One older log is kept. Postgres writes only warnings, so this is far between.
  if (existsSync(logFile) && statSync(logFile).size > logBytesMax) renameSync(logFile, `${logFile}.1`)
  return { folder, clusterDir, logFile, password: passwordOf(folder, user), user }
}

/**
 * The server may be a user who cannot pass the folders above its home (a DATA_DIR under /root). It inherits the open home as
 * descriptor 3 instead, and a path through a descriptor asks no permission of the folders above.
 */
export async function withFolder<T>(home: ServerHome, use: (descriptor: number) => Promise<T> | T): Promise<T> {
  const descriptor = openSync(home.folder, 'r')
  try {
    return await use(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

export async function createCluster(home: ServerHome, binaries: string, durable: boolean): Promise<void> {
  if (existsSync(home.clusterDir)) return
  rmSync(`${home.clusterDir}.new`, { recursive: true, force: true })
  const { status, output } = await withFolder(home, (descriptor) =>
    runAs(
      home.user,
      join(binaries, 'bin/initdb'),
      [
        ...[
          `--pgdata=${homeFromInside}/cluster.new`,
          '--username=postgres',
          `--pwfile=${homeFromInside}/password`,
          '--auth=scram-sha-256',
        ],
        // One order of text on every machine, whatever its C library thinks of it.
        ...['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
        ...(durable ? [] : ['--no-sync']),
      ],
      descriptor,
    ),
  )
  if (status !== 0) throw new Error(`initdb could not create ${home.clusterDir}:\n${output}`)
  // Under its own name only when it is whole: a start that was killed half-way is begun again.
  renameSync(`${home.clusterDir}.new`, home.clusterDir)
}

function passwordOf(folder: string, user: ServerUser): string {
  const file = join(folder, 'password')
  if (!existsSync(file)) {
    if (existsSync(join(folder, 'cluster')))
      throw new Error(`${file} is missing, and without it nobody can sign in to the database beside it.`)
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (user.switched) chownSync(draft, user.uid, user.gid)
    linkUnlessThere(draft, file)
    unlinkSync(draft)
  }
  return readFileSync(file, 'utf8').trim()
}

/** A link appears whole or not at all, and two first starts agree on whose password it is. */
function linkUnlessThere(draft: string, file: string): void {
  try {
    linkSync(draft, file)
  } catch (error) {
    if (!existsSync(file)) throw error
  }
}
