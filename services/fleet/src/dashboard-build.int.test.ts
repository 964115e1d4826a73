import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from '@jest/globals'
import { silentLog } from '@tocsin/process/log'
import { buildDashboard } from './dashboard-build.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

test('two starts at once end with one whole build, and the next start builds nothing', async () => {
  const dist = await mkdtemp(join(tmpdir(), 'tocsin-dashboard-'))
  folders.push(dist)
  const [first, second] = await Promise.all([buildDashboard(silentLog(), dist), buildDashboard(silentLog(), dist)])
  expect(first).toBe(second)
  expect(await readdir(dist)).toHaveLength(1)
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await readFile(join(first, 'index.html'), 'utf8')) ?? []
  expect(existsSync(join(first, script))).toBe(true)

  const builtAt = (await stat(first)).mtimeMs
  expect(await buildDashboard(silentLog(), dist)).toBe(first)
  expect((await stat(first)).mtimeMs).toBe(builtAt)
}, 60_000)
