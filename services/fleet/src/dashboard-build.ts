import { spawn } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '@tocsin/process/log'

const root = join(import.meta.dirname, '../../..')
const dashboard = join(root, 'apps/dashboard')
/** Everything that the build depends on. */
const sources = ['apps/dashboard', 'packages/sdk/src', 'packages/contract/src', 'pnpm-lock.yaml']
const skipped = new Set(['node_modules', 'dist'])

/** A start that was killed while it built leaves its folder; another start may still be at it for this long. */
const abandonedMs = 60 * 60_000
/** Older builds may still be served by a process that was started before. */
const buildsKept = 3

/**
 * The folder with the built dashboard. It is named after a hash of its sources, so what is there is right: a second start builds nothing, and
 * of two that build at once the later one finds the folder and throws its own away.
 */
export async function buildDashboard(log: Log, dist: string = join(dashboard, 'dist')): Promise<string> {
  const built = join(dist, await hashOfSources())
  if (existsSync(join(built, 'index.html'))) return built
  const startedMs = performance.now()
  await mkdir(dist, { recursive: true })
  const building = join(dist, `.building-${randomUUID()}`)
  try {
    await runVite(building)
    await moveInto(building, built)
  } finally {
    await rm(building, { recursive: true, force: true })
  }
  await tidy(dist)
  log.info({ ms: Math.round(performance.now() - startedMs) }, 'The dashboard is built.')
  return built
}

/** Renaming a folder is atomic: nobody sees half a build. */
async function moveInto(building: string, built: string): Promise<void> {
  try {
    await rename(building, built)
  } catch (error) {
    if (!existsSync(join(built, 'index.html'))) throw error // Otherwise another start was faster with the same sources.
  }
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256').update(process.version)
  for (const source of sources) await addToHash(source)
  return hash.digest('hex').slice(0, 16)

  async function addToHash(path: string): Promise<void> {
    const whole = join(root, path)
    if (!(await stat(whole)).isDirectory()) {
      hash.update(`${path}\0`).update(await readFile(whole))
      return
    }
    const names = (await readdir(whole)).filter((name) => !skipped.has(name) && !name.includes('.test.'))
    for (const name of names.sort()) await addToHash(`${path}/${name}`)
  }
}

/** With the Node that runs us, whatever the one on the PATH may be. */
async function runVite(outDir: string): Promise<void> {
  const vite = join(dashboard, 'node_modules/vite/bin/vite.js')
  const options = ['--configLoader', 'native', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn']
  const child = spawn(process.execPath, [vite, 'build', ...options], { cwd: dashboard, stdio: ['ignore', 'pipe', 'pipe'] })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0)
    throw new Error(`The dashboard could not be built (vite ended with ${code}).\n${Buffer.concat(said).toString()}`)
}

async function tidy(dist: string): Promise<void> {
  const folders = await Promise.all(
    (await readdir(dist)).map(async (name) => ({ name, changedMs: (await stat(join(dist, name))).mtimeMs })),
  )
  const isBuild = (name: string) => /^[0-9a-f]{16}$/.test(name)
  const old = folders
    .filter(({ name }) => isBuild(name))
    .sort((a, b) => b.changedMs - a.changedMs)
    .slice(buildsKept)
  const abandoned = folders.filter(({ name, changedMs }) => name.startsWith('.building-') && changedMs < Date.now() - abandonedMs)
  for (const { name } of [...old, ...abandoned]) await rm(join(dist, name), { recursive: true, force: true })
}
