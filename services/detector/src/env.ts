import { parseCidrs } from '@tocsin/outbound/guarded-address'
import { z } from 'zod'
import { GscAnomaliesEnv } from './sources/search-console/anomalies.ts'
import { SourceUrlsEnv } from './sources/urls.ts'

export const DetectorEnv = z.object({
  /** Private networks that may be monitored. */
  ALLOW_TARGET_CIDRS: z.string().refine(areCidrs, 'Must be networks in CIDR notation, separated by commas.').default(''),
  /** Scans at once. Each takes a few dozen megabytes at most and, while it crawls, most of its time is waiting. */
  DETECTOR_SCANS: z.coerce.number().int().min(1).max(32).default(2),
  /** Where a site owner can read who we are; part of the crawler's name. */
  CRAWLER_INFO_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** A Chromium to look at pages with. Absent: the one in the usual places, if there is one. `off`: none. */
  CHROMIUM_PATH: z.string().min(1).optional(),
  /** A file of retire.js' data, read at the start in place of our own table of libraries with known weaknesses. */
  RETIRE_JS_FILE: z.string().min(1).optional(),
  ...SourceUrlsEnv.shape,
  /** More of the kind that is built in, as JSON: `[{"from":"2026-03-01","to":"2026-03-02","note":"…","breaks":false}]`. */
  GSC_ANOMALIES: GscAnomaliesEnv,
})
export type DetectorEnv = z.infer<typeof DetectorEnv>

function areCidrs(text: string): boolean {
  try {
    parseCidrs(text)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/**
 * How a detector of its own is started. Pages pass through in megabytes and leave little behind, and V8 would rather let its heap grow
 * than look for the little. And what its compilers take for a moment stays with the process: the parser of HTTP is WebAssembly with one
 * huge function, which would be compiled a second time with 25 MB for no gain, and finished compilations would wait in memory for a
 * thread that throws them away. With these a scan of 2,000 pages peaks at half the memory and is a few per cent slower.
 */
export const detectorNodeFlags = [
  '--max-semi-space-size=16',
  '--heap-growing-percent=40',
  '--liftoff-only',
  '--no-maglev-destroy-on-background',
]

/** And with which environment: the C library would keep an arena, with holes of its own, for each thread. */
export const detectorEnvironment = { MALLOC_ARENA_MAX: '1' }
