import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

export type RedisProgram = { path: string; env: Record<string, string> }

const run = promisify(execFile)
const cache = join(import.meta.dirname, '../../../node_modules/.cache/tocsin')

/**
 * redis-server and the libraries it needs from Debian's packages, unpacked into our own cache and not installed: works without
 * root and changes nothing on the machine. Null on another kind of system.
 */
export async function unpackDebianRedis(): Promise<RedisProgram | null> {
  const root = join(cache, `redis-${process.arch}`)
  if (!existsSync(root)) {
    if (!(await isDebian())) return null
    mkdirSync(cache, { recursive: true })
    const half = mkdtempSync(join(cache, 'redis-unpacking-'))
    try {
      await unpackInto(half)
      if (!existsSync(root)) renameSync(join(half, 'root'), root)
    } finally {
      rmSync(half, { recursive: true, force: true })
    }
  }
  return programIn(root)
}

async function isDebian(): Promise<boolean> {
  try {
    await run('dpkg', ['--print-architecture'])
    await run('apt-get', ['--version'])
    return true
  } catch {
    return false // Neither program: not Debian or one of its children.
  }
}

async function unpackInto(folder: string): Promise<void> {
  for (const part of ['lists/partial', 'cache/archives/partial', 'packages', 'root'])
    mkdirSync(join(folder, part), { recursive: true })
  const own = [
    `Dir::State::lists=${folder}/lists`,
    `Dir::Cache=${folder}/cache`,
    'APT::Sandbox::User=root',
    'APT::Install-Recommends=false',
    'Acquire::Languages=none',
  ]
  const apt = (...args: string[]) =>
    run('apt-get', [...own.flatMap((option) => ['-o', option]), ...args], {
      cwd: join(folder, 'packages'),
      maxBuffer: 16 * 1024 * 1024,
    })
  await apt('update')
  const { stdout } = await apt('install', '--simulate', 'redis-server').catch(() => apt('install', '--simulate', 'valkey-server'))
  const missing = stdout.split('\n').flatMap((line) => /^Inst (\S+)/.exec(line)?.[1] ?? [])
  await apt('download', ...missing)
  for (const file of readdirSync(join(folder, 'packages')))
    await run('dpkg', ['--extract', join(folder, 'packages', file), join(folder, 'root')])
}

function programIn(root: string): RedisProgram {
  const path = ['valkey-server', 'redis-server'].map((name) => join(root, 'usr/bin', name)).find((file) => existsSync(file))
  if (!path) throw new Error(`${root} holds no redis-server; remove it, so that the next run unpacks it anew.`)
  const libraries = ['usr/lib', 'lib'].map((folder) => join(root, folder)).filter((folder) => existsSync(folder))
  const triplets = libraries.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [join(folder, entry.name)] : [])),
  )
  return { path, env: { LD_LIBRARY_PATH: [...triplets, ...libraries].join(':') } }
}
