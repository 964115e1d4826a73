import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '@tocsin/db/embedded/free-port'

export const serviceNames = ['api', 'scheduler', 'detector', 'notifier', 'realtime-gateway'] as const
export type ServiceName = (typeof serviceNames)[number]

export interface Processes {
  readonly apiUrl: string
  readonly gatewayUrl: string
  /** kill -9, and a new one of its kind at once, as a supervisor would. */
  crash(name: ServiceName): Promise<void>
  /** The exit code of each after SIGTERM. */
  stop(): Promise<Record<string, number | null>>
  /** Whatever is left, at once. */
  kill(): Promise<void>
}

const portVariables = {
  api: 'PORT',
  'realtime-gateway': 'GATEWAY_PORT',
  scheduler: 'SCHEDULER_PORT',
  detector: 'DETECTOR_PORT',
  notifier: 'NOTIFIER_PORT',
} satisfies Record<ServiceName, string>

/** Each service as its own program, as `npm run fleet` starts them. What they log goes to `logFile`. */
export async function startProcesses(env: Record<string, string>, logFile: string): Promise<Processes> {
  const ports = new Map<ServiceName, number>()
  for (const name of serviceNames) ports.set(name, await freePort())
  const children = new Map<ServiceName, ChildProcess>()
  const log = createWriteStream(logFile, { flags: 'a' })
  const urlOf = (name: ServiceName) => `http://127.0.0.1:${ports.get(name)}`

  function launch(name: ServiceName): void {
    const main = join(import.meta.dirname, '../../../services', name, 'src/main.ts')
    const portEnv = Object.fromEntries(serviceNames.map((each) => [portVariables[each], String(ports.get(each))]))
    const child = spawn(process.execPath, [main], {
      env: { PATH: process.env['PATH'], ...portEnv, PUBLIC_URL: urlOf('api'), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout?.pipe(log, { end: false })
    child.stderr?.pipe(log, { end: false })
    children.set(name, child)
  }

  async function end(name: ServiceName, signal: NodeJS.Signals): Promise<number | null> {
    const child = children.get(name)
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exit = once(child, 'exit')
    child.kill(signal)
    const [code] = (await exit) as [number | null]
    return code
  }

  for (const name of serviceNames) launch(name)
  for (const name of serviceNames) await untilLive(`${urlOf(name)}/health/live`)
  return {
    apiUrl: urlOf('api'),
    gatewayUrl: urlOf('realtime-gateway'),
    async crash(name) {
      await end(name, 'SIGKILL')
      launch(name)
    },
    async stop() {
      // Who was started a moment ago is not yet able to stop cleanly.
      for (const name of serviceNames) await untilLive(`${urlOf(name)}/health/live`)
      const codes = await Promise.all(serviceNames.map((name) => end(name, 'SIGTERM')))
      log.end()
      return Object.fromEntries(serviceNames.map((name, index) => [name, codes[index] ?? null]))
    },
    async kill() {
      await Promise.all(serviceNames.map((name) => end(name, 'SIGKILL')))
      log.end()
    },
  }
}

const startMsMax = 30_000

/** A program that starts can only be asked again and again whether it has. */
async function untilLive(url: string): Promise<void> {
  const deadline = performance.now() + startMsMax
  for (;;) {
    const live = await fetch(url).then(
      (response) => response.ok,
      () => false,
    )
    if (live) return
    if (performance.now() > deadline) throw new Error(`${url} does not answer.`)
    await delay(50)
  }
}
