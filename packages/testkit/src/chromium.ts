import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { programOnPath } from './program-on-path.ts'

const run = promisify(execFile)

/** The first launch on a machine may install the browser: give the hook that calls it this long. */
export const chromiumMsMax = 5 * 60_000

/** A headless Chromium that looks at nothing but our pages: it asks none of its maker's hosts for anything. */
export async function launchChromium(): Promise<Browser> {
  return await chromium.launch({
    executablePath: await findChromium(),
    // Its sandbox does not start for root, nor in most containers; the pages are our own.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

async function findChromium(): Promise<string> {
  const found = process.env['CHROMIUM_PATH'] ?? onPath() ?? ((await installed()) ? onPath() : null)
  if (found) return found
  throw new Error(
    'No Chromium for the tests of the dashboard. Install chromium or google-chrome, or set CHROMIUM_PATH to one. (Debian and Ubuntu as root: it is installed by itself, if apt-get reaches its mirror.)',
  )
}

function onPath(): string | null {
  return programOnPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
}

/** False where we may not or cannot install anything. */
async function installed(): Promise<boolean> {
  if (process.getuid?.() !== 0 || !programOnPath('apt-get')) return false
  // Two workers may come here at once: the second waits for the first one's lock, and finds nothing left to do.
  const wait = ['-o', 'DPkg::Lock::Timeout=240']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', [...wait, 'update'], { env, maxBuffer: 64 * 1024 * 1024 })
  await run('apt-get', [...wait, 'install', '--yes', '--no-install-recommends', 'chromium'], { env, maxBuffer: 64 * 1024 * 1024 })
  return true
}
