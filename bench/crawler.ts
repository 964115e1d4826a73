import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { detectorEnvironment, detectorNodeFlags } from '@tocsin/detector/env'
import { silentLog } from '@tocsin/process/log'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { median, rounded } from './median.ts'

const rounds = 3
const connections = 10

const manyPages = 10_000

interface Outcome {
  pages: number
  seconds: number
  peakMb: number
}

/** And the same site once more, unchanged. */
interface OwnOutcome extends Outcome {
  againSeconds: number
}

/**
 * Our crawler with every rule on, against linkinator: the same site, the same number of connections, in turns. Then ours on a site of
 * five times as many pages, for its memory.
 */
export async function run(): Promise<object> {
  const folder = temporaryFolder()
  const compiled = temporaryFolder()
  const asDetector = { flags: detectorNodeFlags, environment: { ...detectorEnvironment, NODE_COMPILE_CACHE: compiled } }
  const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog() })
  const site = startSite()
  const larger = startSite(manyPages)
  const ours: OwnOutcome[] = []
  const oursWithoutFlags: OwnOutcome[] = []
  const baseline: Outcome[] = []
  let many: OwnOutcome | null = null
  try {
    const url = await addressOf(site)
    await migrate(postgres.url)
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await outcomeOf<OwnOutcome>(asDetector, 'crawler-ours.ts', url, postgres.url))
      oursWithoutFlags.push(await outcomeOf<OwnOutcome>(asItIs, 'crawler-ours.ts', url, postgres.url))
      baseline.push(await outcomeOf<Outcome>(asItIs, 'crawler-linkinator.ts', url))
    }
    many = await outcomeOf<OwnOutcome>(asDetector, 'crawler-ours.ts', await addressOf(larger), postgres.url)
  } finally {
    larger.disconnect()
    site.disconnect()
    await postgres.stop()
    for (const each of [folder, compiled]) rmSync(each, { recursive: true, force: true })
  }
  const rate = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.pages / outcome.seconds))
  const again = (outcomes: OwnOutcome[]) => median(outcomes.map((outcome) => outcome.seconds / outcome.againSeconds))
  const memory = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.peakMb))
  return {
    connections,
    flags: detectorNodeFlags,
    environment: detectorEnvironment,
    ours: { pagesPerSecond: rounded(rate(ours), 0), peakMb: rounded(memory(ours), 0), pages: ours[0]?.pages },
    oursWithoutFlags: {
      pagesPerSecond: rounded(rate(oursWithoutFlags), 0),
      peakMb: rounded(memory(oursWithoutFlags), 0),
      speedRatio: rounded(rate(oursWithoutFlags) / rate(baseline)),
      memoryRatio: rounded(memory(oursWithoutFlags) / memory(baseline)),
    },
    linkinator: { pagesPerSecond: rounded(rate(baseline), 0), peakMb: rounded(memory(baseline), 0), pages: baseline[0]?.pages },
    speedRatio: rounded(rate(ours) / rate(baseline)),
    memoryRatio: rounded(memory(ours) / memory(baseline)),
    recrawl: rounded(again(ours)),
    manyPages: many && {
      pages: many.pages,
      pagesPerSecond: rounded(many.pages / many.seconds, 0),
      peakMb: rounded(many.peakMb, 0),
      memoryGrowth: rounded(many.peakMb / memory(ours)),
      recrawl: rounded(many.seconds / many.againSeconds),
    },
    goals: { speedRatio: '≥ 2', memoryRatio: '≤ 0.5', recrawl: '≥ 3', memoryGrowth: 'flat: five times the pages' },
  }
}

const startSite = (...pages: number[]): ChildProcess =>
  spawn(process.execPath, [programAt('crawler-site.ts'), ...pages.map(String)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })

async function addressOf(site: ChildProcess): Promise<string> {
  if (!site.stdout) throw new Error('The site has no output.')
  const [line] = (await once(site.stdout, 'data')) as [Buffer]
  return line.toString().trim()
}

const programAt = (file: string): string => join(import.meta.dirname, file)

interface Start {
  readonly flags: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** Also as it runs inside `npm start`. */
const asItIs: Start = { flags: [], environment: {} }

/** Ours is started as a detector of its own is, whose first start fills the cache of compiled code; linkinator as it is. */
async function outcomeOf<Kind extends Outcome>(start: Start, file: string, url: string, ...rest: string[]): Promise<Kind> {
  const program = [...start.flags, programAt(file), url, String(connections), ...rest]
  const env = { ...process.env, ...start.environment }
  const child = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${file} ended with ${code}.`)
  return JSON.parse(Buffer.concat(chunks).toString()) as Kind
}
