import { backoffMs } from './backoff.ts'
import type { Clock } from './clock.ts'
import type { Log } from './log.ts'
import type { Service } from './service.ts'

/** `worked`: there may be more, come again at once. `idle`: nothing to do until the bell or the timer. */
export type PassResult = 'worked' | 'idle'
export type Pass = (signal: AbortSignal) => Promise<PassResult>

export interface Loop extends Service {
  /** Runs the pass soon. A flag, not a queue: ten rings are one. */
  ring(): void
}

/**
 * A pass again and again. A pass that throws is logged and tried again, ever more slowly up to a minute: what it was doing is a row
 * that is still there.
 */
export function createLoop(options: { name: string; everyMs: number; pass: Pass; log: Log; clock: Clock }): Loop {
  const { name, everyMs, pass, log, clock } = options
  const stopping = new AbortController()
  let running: Promise<void> | null = null
  let rung = false
  let wake = () => {}

  async function run(): Promise<void> {
    let failures = 0
    while (!stopping.signal.aborted) {
      rung = false
      let result: PassResult = 'idle'
      try {
        result = await pass(stopping.signal)
        failures = 0
      } catch (error) {
        failures += 1
        log.error({ err: error, loop: name, failures }, 'A pass failed and will be tried again.')
      }
      if (failures > 0) await clock.sleep(backoffMs(failures, { firstMs: 250, maxMs: 60_000 }), stopping.signal)
      else if (result === 'idle' && !rung) await nap()
    }
  }

  async function nap(): Promise<void> {
    const napping = new AbortController()
    wake = () => napping.abort()
    await clock.sleep(everyMs, AbortSignal.any([napping.signal, stopping.signal]))
    napping.abort()
    wake = () => {}
  }

  return {
    name,
    async start() {
      running ??= run()
    },
    async stop() {
      stopping.abort()
      await running
    },
    ring() {
      rung = true
      wake()
    },
  }
}
