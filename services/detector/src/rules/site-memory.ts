import { z } from 'zod'
import { FileMemory } from './file-memory.ts'
import { RunningMemory } from './running-memory.ts'

/** robots.txt reduced to its meaning: user-agent token → sorted `allow /x` and `disallow /y` lines. */
export const RobotsRules = z.record(z.string(), z.array(z.string()))
export type RobotsRules = z.infer<typeof RobotsRules>

/** How much of a site a crawl reached. */
export const Coverage = z.object({ reached: z.number().int(), at: z.iso.datetime() })
export type Coverage = z.infer<typeof Coverage>

/** What is kept about a site between scans, as JSON. `rememberSite` in remember.ts computes the next one. */
export const SiteMemory = z.object({
  /** Null until robots.txt was read for the first time. */
  robotsRules: RobotsRules.nullable().default(null),
  /** ISO time since when robots.txt has not been readable; null while it is. */
  robotsUnreachableSince: z.iso.datetime().nullable().default(null),
  /** Per host the best score modifier seen for each security header. */
  headerBaseline: z.record(z.string(), z.record(z.string(), z.number())).default({}),
  /** What the next crawl is measured against; null until one was complete. */
  coverage: Coverage.nullable().default(null),
  /** What it runs; null until a scan was complete. */
  running: RunningMemory.nullable().default(null),
  /** The scripts that it loads; null until a scan was complete. */
  files: FileMemory.nullable().default(null),
})
export type SiteMemory = z.infer<typeof SiteMemory>

export const emptySiteMemory: SiteMemory = {
  robotsRules: null,
  robotsUnreachableSince: null,
  headerBaseline: {},
  coverage: null,
  running: null,
  files: null,
}
