import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@tocsin/db/embedded'
import { migrate } from '@tocsin/db/migrate'
import { detectorNodeFlags } from '@tocsin/detector/env'
import { silentLog } from '@tocsin/process/log'
import { temporaryFolder } from '@tocsin/testkit/temporary-folder'
import { median, rounded } from './median.ts'

const rounds = 3
const connections = 10

interface Outcome {
  pages: number
  seconds: number
  peakMb: number
}

/** Our crawler with every rule on, against linkinator: the same site, the same number of connections, in turns. */
export async function run(): Promise<object> {
  const folder = temporaryFolder()
  const postgres = await startEmbeddedPostgres({ dataDir: folder, durable: true, log: silentLog() })
  const site = spawn(process.execPath, [programAt('crawler-site.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  const ours: Outcome[] = []
  const oursWithoutFlags: Outcome[] = []
  const baseline: Outcome[] = []
  try {
    if (!site.stdout) throw new Error('The site has no output.')
    const [line] = (await once(site.stdout, 'data')) as [Buffer]
    const url = line.toString().trim()
    await migrate(postgres.url)
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await outcomeOf([...detectorNodeFlags, programAt('crawler-ours.ts')], url, postgres.url))
      oursWithoutFlags.push(await outcomeOf([programAt('crawler-ours.ts')], url, postgres.url))
      baseline.push(await outcomeOf([programAt('crawler-linkinator.ts')], url))
    }
  } finally {
    site.disconnect()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const rate = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.pages / outcome.seconds))
  const memory = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.peakMb))
  return {
    connections,
    flags: detectorNodeFlags,
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
    goals: { speedRatio: '≥ 2', memoryRatio: '≤ 0.5' },
  }
}

const programAt = (file: string): string => join(import.meta.dirname, file)

/** Ours is started as a detector of its own is, and as it runs inside `npm start`; linkinator without flags. */
async function outcomeOf(program: readonly string[], url: string, ...rest: string[]): Promise<Outcome> {
  const child = spawn(process.execPath, [...program, url, String(connections), ...rest], { stdio: ['ignore', 'pipe', 'inherit'] })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program.at(-1)} ended with ${code}.`)
  return JSON.parse(Buffer.concat(chunks).toString()) as Outcome
}
