import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createTestDatabase } from '@tocsin/testkit/database'
import { startTestServers, stopTestServers } from '@tocsin/testkit/test-servers'
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
  await startTestServers()
  const database = await createTestDatabase()
  const site = spawn(process.execPath, [join(import.meta.dirname, 'crawler-site.ts')], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  if (!site.stdout) throw new Error('The site has no output.')
  const [line] = (await once(site.stdout, 'data')) as [Buffer]
  const url = line.toString().trim()
  const ours: Outcome[] = []
  const baseline: Outcome[] = []
  try {
    for (let round = 0; round < rounds; round += 1) {
      ours.push(await outcomeOf('crawler-ours.ts', url, database.url))
      baseline.push(await outcomeOf('crawler-linkinator.ts', url))
    }
  } finally {
    site.disconnect()
    await database.drop()
    await stopTestServers()
  }
  const rate = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.pages / outcome.seconds))
  const memory = (outcomes: Outcome[]) => median(outcomes.map((outcome) => outcome.peakMb))
  return {
    connections,
    ours: { pagesPerSecond: rounded(rate(ours), 0), peakMb: rounded(memory(ours), 0), pages: ours[0]?.pages },
    linkinator: { pagesPerSecond: rounded(rate(baseline), 0), peakMb: rounded(memory(baseline), 0), pages: baseline[0]?.pages },
    speedRatio: rounded(rate(ours) / rate(baseline)),
    memoryRatio: rounded(memory(ours) / memory(baseline)),
    goals: { speedRatio: '≥ 2', memoryRatio: '≤ 0.5' },
  }
}

async function outcomeOf(program: string, ...args: string[]): Promise<Outcome> {
  const [url = '', ...rest] = args
  const child = spawn(process.execPath, [join(import.meta.dirname, program), url, String(connections), ...rest], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} ended with ${code}.`)
  return JSON.parse(Buffer.concat(chunks).toString()) as Outcome
}
