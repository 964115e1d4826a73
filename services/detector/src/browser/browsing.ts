import type { HealthPart } from '@tocsin/process/health'
import { createLoop, type Loop } from '@tocsin/process/loop'
import type { Service } from '@tocsin/process/service'
import type { DetectorEnv } from '../env.ts'
import { type BrowserDeps, browserPass } from './browser-pass.ts'
import { type FoundBrowser, findBrowser } from './find-browser.ts'
import { findLighthouse } from './find-lighthouse.ts'

/** A site is looked at once a day. */
const everyMs = 60_000

export interface Browsing extends Service {
  readonly health: readonly HealthPart[]
}

/** Looks at pages with a browser, if there is one. Its absence is no fault: what needs one is then unknown. */
export function createBrowsing(
  deps: Omit<BrowserDeps, 'found' | 'lighthouse'> & { env: Pick<DetectorEnv, 'CHROMIUM_PATH'> },
): Browsing {
  const { log, clock, env } = deps
  let found: FoundBrowser | null = null
  let lighthouse: string | null = null
  let loop: Loop | null = null
  let starting = Promise.resolve()
  let stopped = false
  return {
    name: 'browser',
    health: [part('browser', () => found && `chromium ${found.version}`), part('lighthouse', () => lighthouse)],
    async start() {
      // Nobody waits for a browser to say its version.
      starting = begin()
    },
    async stop() {
      stopped = true
      await starting
      await loop?.stop()
    },
  }

  async function begin(): Promise<void> {
    lighthouse = await findLighthouse()
    found = hasDriver() ? await findBrowser(env.CHROMIUM_PATH) : null
    if (!found || stopped) return
    const work: BrowserDeps = { ...deps, found, lighthouse }
    loop = createLoop({ name: 'browser', everyMs, pass: (signal) => browserPass(work, signal), log, clock })
    await loop.start()
  }
}

function part(name: string, version: () => string | null): HealthPart {
  return { name, vital: false, check: async () => true, say: () => version() ?? 'absent' }
}

/** An optional package: where it was left out, a browser is of no use. */
function hasDriver(): boolean {
  try {
    return import.meta.resolve('playwright-core') !== ''
  } catch {
    return false
  }
}
