import type { Clock } from '@tocsin/process/clock'
import type { CrawlSummary } from './crawler/observation.ts'
import { createPace, type Pace } from './crawler/pace.ts'
import { readAnewAfterMs } from './crawler/stored-facts.ts'
import { parseRobots, robotsMatcher } from './judges/robots.ts'
import { fileName, knownFile, newsOfFile } from './judges/script-file.ts'
import { ownerOf } from './judges/script-hosts.ts'
import { vulnerableLibraries } from './judges/vulnerable-library.ts'
import type { Probes } from './probes/probes.ts'
import { versionsOf } from './rules/file-memory.ts'
import type { FileReading, SeenAddress, SeenFile } from './rules/running-facts.ts'
import type { SiteMemory } from './rules/site-memory.ts'

/** A page has a dozen, most of them on every page. */
const filesMax = 40
/** Together. What could not be read until then is as it was known. */
const readMsMax = 60_000
/** Questions in a row that a host has not answered before it is left alone. */
const unansweredMax = 3
const crawlerToken = 'TocsinBot'

interface ReadDeps {
  readonly probes: Pick<Probes, 'script'>
  readonly clock: Clock
}

/** The files of script that the pages load: those of the site itself first, each host asked for one at a time. Null: the site was not seen. */
export async function readScripts(
  deps: ReadDeps,
  about: { summary: CrawlSummary; addresses: ReadonlyMap<string, SeenAddress>; memory: SiteMemory },
  stopping: AbortSignal,
): Promise<SeenFile[] | null> {
  const { summary, addresses, memory } = about
  if (!summary.complete) return null
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(readMsMax)])
  const own = new Set(summary.hosts)
  const robots = robotsMatcher(parseRobots(summary.robots.text), crawlerToken)
  const mayVisit = (url: string) => new URL(url).host !== summary.robots.host || robots.match(url).allowed
  const files = chosen(addresses, own)
  const reading = [...Map.groupBy(files, ({ url }) => new URL(url).host)].map(async ([host, ofHost]) => {
    const delay = host === summary.robots.host ? robots.crawlDelaySeconds : null
    const pace = createPace({ clock: deps.clock, signal, connections: 1, crawlDelaySeconds: delay })
    const seen: SeenFile[] = []
    let unanswered = 0
    for (const [n, file] of ofHost.entries()) {
      const isOver = signal.aborted || unanswered >= unansweredMax || (n > 0 && !(await isReady(pace)))
      const startedAt = performance.now()
      const read = isOver ? null : await readScript(deps.probes, { ...file, memory, mayVisit, now: deps.clock.now() }, signal)
      pace.answered(0, performance.now() - startedAt)
      unanswered = read === null ? unanswered + 1 : 0
      seen.push({ ...file, read })
    }
    return seen
  })
  return (await Promise.all(reading)).flat()
}

const isReady = async (pace: Pace): Promise<boolean> => (await pace.turn(0)) === 'go'

function chosen(addresses: ReadonlyMap<string, SeenAddress>, own: ReadonlySet<string>): Omit<SeenFile, 'read'>[] {
  const all = [...addresses].map(([url, seen]) => ({ ...seen, url, name: fileName(url), isOwn: own.has(new URL(url).host) }))
  return all
    .sort((a, b) => Number(b.isOwn) - Number(a.isOwn) || b.pages - a.pages || a.url.localeCompare(b.url))
    .slice(0, filesMax)
}

interface Asked {
  readonly url: string
  readonly name: string
  readonly isOwn: boolean
  readonly memory: Pick<SiteMemory, 'files' | 'running'>
  readonly mayVisit: (url: string) => boolean
  readonly now: Date
}

/** Null: nobody knows. An own file is compared with what it was; of others only the libraries count. */
export async function readScript(
  probes: Pick<Probes, 'script'>,
  { url, name, isOwn, memory, mayVisit, now }: Asked,
  signal: AbortSignal,
): Promise<FileReading | null> {
  const kept = memory.files?.[url]
  const isFresh = kept !== undefined && now.getTime() - Date.parse(kept.readAt) < readAnewAfterMs
  const known = isFresh && (kept.etag !== null || kept.lastModified !== null) ? kept : null
  const answer = await probes.script(url, { known, mayVisit }, signal)
  if (answer.kind === 'unknown') return null
  if (answer.kind === 'gone') return { kind: 'gone' }
  if (answer.kind === 'unchanged') return known && { kind: 'unchanged', libraries: known.libraries }
  const { content, etag, lastModified } = answer
  const own = ownerOf(new URL(url).hostname)
  const isKnownHost = (host: string) => host === own || memory.running?.hosts[host] !== undefined
  return {
    kind: 'read',
    etag,
    lastModified,
    libraries: vulnerableLibraries(url, content),
    known: isOwn ? knownFile(content) : null,
    news: isOwn
      ? newsOfFile(content, versionsOf(memory.files, name), isKnownHost)
      : { signals: [], change: 'none', unknownHosts: [] },
  }
}
