import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where packages put it. Nothing is ever downloaded. */
const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const versionMsMax = 10_000

export interface FoundBrowser {
  readonly path: string
  /** The major one: `156`. */
  readonly version: string
}

/** `off` where an operator wants none. A path that does not lead to a Chromium is none. */
export async function findBrowser(configured: string | undefined): Promise<FoundBrowser | null> {
  if (configured === 'off') return null
  for (const path of configured === undefined ? usualPaths : [configured]) {
    const version = (await isExecutable(path)) ? await versionOf(path) : null
    if (version !== null) return { path, version }
  }
  return null
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not for us: the question was whether it is.
    return false
  }
}

async function versionOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await run(path, ['--version'], { timeout: versionMsMax })
    return /(?:Chromium|Chrome)\D*(\d+)\./.exec(stdout)?.[1] ?? null
  } catch {
    // A program that cannot say its version cannot be driven either.
    return null
  }
}
