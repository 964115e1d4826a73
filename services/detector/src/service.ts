import type { Foundation } from '@tocsin/journal/foundation'
import { parseCidrs } from '@tocsin/outbound/guarded-address'
import type { HealthPart } from '@tocsin/process/health'
import { createLoop } from '@tocsin/process/loop'
import { createSecretBox } from '@tocsin/process/secret-box'
import type { Service } from '@tocsin/process/service'
import { automaticSourcesPass } from './automatic-sources-pass.ts'
import { createBrowsing } from './browser/browsing.ts'
import { dataPass } from './data-pass.ts'
import type { DetectorEnv } from './env.ts'
import type { InspectDeps } from './inspect-site.ts'
import { useLibraries } from './judges/vulnerable-library.ts'
import { createHostPace, linkPass } from './link-pass.ts'
import { lookPass } from './look-pass.ts'
import { openOutside } from './outside.ts'
import { queuePass } from './queue-pass.ts'
import { readRetireFile } from './read-retire-file.ts'
import { registry } from './rules/registry.ts'
import { scanPass } from './scan-pass.ts'
import { refreshSources, type SourcePassDeps, sourcePass } from './source-pass.ts'
import { sourceRegistry } from './sources/registry.ts'

const sweepMs = 1_000
const queueEveryMs = 5_000

/**
 * As many loops as scans at once: each takes one and stays with it. A queued scan rings them; the sweep finds what the bell missed, and
 * what another detector left behind. A stop aborts what is in hand and gives it back, all at the same time.
 */
export function createDetectorService(
  deps: Foundation & { env: DetectorEnv & { SECRET_KEY: string } },
): Service & { readonly health: readonly HealthPart[] } {
  const { env, log, clock } = deps
  if (env.RETIRE_JS_FILE !== undefined) useLibraries(readRetireFile(env.RETIRE_JS_FILE, log))
  const outside = openOutside(deps, env)
  const asking: SourcePassDeps = {
    ...deps,
    sources: outside.sources,
    sourceBox: createSecretBox(env.SECRET_KEY, 'source'),
    sourceRegistry,
  }
  const refresh: InspectDeps['refreshSources'] = (about, signal) => refreshSources(asking, about, signal)
  const work = { ...deps, ...outside, registry, refreshSources: refresh }
  const scans = Array.from({ length: env.DETECTOR_SCANS }, (_, n) =>
    createLoop({ name: `scan-${n + 1}`, everyMs: sweepMs, pass: (signal) => scanPass(work, signal), log, clock }),
  )
  const linking = { ...work, hostPace: createHostPace(clock) }
  const source = createLoop({ name: 'source', everyMs: sweepMs, pass: (signal) => sourcePass(asking, signal), log, clock })
  const loops = [
    ...scans,
    createLoop({ name: 'look', everyMs: sweepMs, pass: (signal) => lookPass(work, signal), log, clock }),
    createLoop({ name: 'data', everyMs: sweepMs, pass: (signal) => dataPass(work, signal), log, clock }),
    createLoop({ name: 'link', everyMs: sweepMs, pass: (signal) => linkPass(linking, signal), log, clock }),
    createLoop({ name: 'queue', everyMs: queueEveryMs, pass: () => queuePass(deps), log, clock }),
    createLoop({ name: 'automatic-sources', everyMs: queueEveryMs, pass: () => automaticSourcesPass(asking), log, clock }),
    source,
  ]
  const browsing = createBrowsing({
    ...deps,
    allowCidrs: parseCidrs(env.ALLOW_TARGET_CIDRS),
    userAgent: outside.sources.userAgent,
  })
  let hush = () => {}
  return {
    name: 'detector',
    health: browsing.health,
    async start() {
      const hushScans = deps.bus.listenForWork(['scan.queued'], () => {
        for (const scan of scans) scan.ring()
      })
      const hushSources = deps.bus.listenForWork(['source.created', 'source.updated'], () => source.ring())
      hush = () => {
        hushScans()
        hushSources()
      }
      for (const loop of loops) await loop.start()
      await browsing.start()
    },
    async stop() {
      hush()
      await Promise.all([...loops, browsing].map((each) => each.stop()))
      await outside.close()
    },
  }
}
