import { readFileSync, statSync } from 'node:fs'
import type { Log } from '@tocsin/process/log'
import { z } from 'zod'
import type { LibraryData } from './judges/library-data.ts'
import { RetireFile, retireLibraries } from './judges/retire-data.ts'

/** retire.js' own has less than one. */
const bytesMax = 8 * 1024 * 1024

/** The file that RETIRE_JS_FILE names. Whoever asks for it means it: without it there is no start. */
export function readRetireFile(path: string, log: Pick<Log, 'warn'>): LibraryData {
  const refuse = (why: string, cause?: unknown): never => {
    throw new Error(`RETIRE_JS_FILE ${path} ${why}`, { cause })
  }
  let json: unknown
  try {
    if (statSync(path).size > bytesMax) refuse('has more than 8 MB.')
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) return refuse('is not JSON.', error)
    if (typeof error === 'object' && error !== null && 'code' in error)
      return refuse(`cannot be read: ${String(error.code)}.`, error)
    throw error
  }
  const parsed = RetireFile.safeParse(json)
  return parsed.success
    ? retireLibraries(parsed.data, log)
    : refuse(`is not retire.js' data:\n${z.prettifyError(parsed.error).slice(0, 1_000)}`)
}
