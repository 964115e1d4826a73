import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { z } from 'zod'

const Package = z.object({ version: z.string().max(40) })
const { resolve } = createRequire(import.meta.url)

/** Its version, read without loading it: it is large, and an optional package that may have been left out. */
export async function findLighthouse(): Promise<string | null> {
  const path = pathOf('lighthouse/package.json')
  return path === null ? null : Package.parse(JSON.parse(await readFile(path, 'utf8'))).version
}

function pathOf(name: string): string | null {
  try {
    return resolve(name)
  } catch {
    // Not installed: that was the question.
    return null
  }
}
