import { fork } from 'node:child_process'
import { join } from 'node:path'
import { within } from '../executions.ts'
import { type LabOrder, RunTold } from './lab-facts.ts'
import { type BrowserOptions, openBrowser } from './open-browser.ts'

export interface LabOptions extends BrowserOptions {
  readonly userAgent: string
}

/** Figures are only worth comparing under the same conditions: another version of either calculates otherwise. */
export const conditionsOf = (lighthouse: string, chromium: string): string =>
  `lighthouse ${lighthouse}, chromium ${chromium}, mobile, simulated`

const program = join(import.meta.dirname, 'lab-run.ts')
/** Lighthouse waits 45 seconds for a page to come to rest; the rest is for its trace, on a machine that is busy. */
const runMsMax = 90_000
/** Of JavaScript, in megabytes: the traces of heavy pages are large. */
const heapMax = 768

/** One run of Lighthouse, in a browser that lives as long as the run. A run that takes too long throws; both are killed. */
export async function measurePage(options: LabOptions, url: string, stopping: AbortSignal): Promise<RunTold> {
  const opened = await openBrowser({ ...options, isShared: true })
  const begun: Promise<RunTold>[] = []
  try {
    const port = await opened.debuggingPort()
    return await within(runMsMax, stopping, (signal) => {
      const running = run({ url, port, userAgent: options.userAgent }, signal)
      begun.push(running)
      return running
    })
  } finally {
    // Who is not waited for any longer has to be gone all the same.
    await Promise.allSettled(begun)
    await opened.close()
  }
}

async function run(order: LabOrder, signal: AbortSignal): Promise<RunTold> {
  // Without our environment: what drives a page of somebody else has no use for our secrets.
  const child = fork(program, [JSON.stringify(order)], {
    env: {},
    execArgv: [`--max-old-space-size=${heapMax}`],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    signal,
    killSignal: 'SIGKILL',
  })
  let told: RunTold = { unknown: 'no answer' }
  child.once('message', (message) => {
    const parsed = RunTold.safeParse(message)
    if (parsed.success) told = parsed.data
  })
  const failures: Error[] = []
  await new Promise<void>((done) => {
    child.once('exit', () => done())
    // An abort is an error of the child, and comes before its end. What never began never ends.
    child.on('error', (error) => {
      failures.push(error)
      if (child.pid === undefined) done()
    })
  })
  const [failure] = failures
  if (failure) throw failure
  return told
}
