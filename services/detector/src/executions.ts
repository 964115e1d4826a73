import type { Agent } from '@tocsin/contract/api/scans'
import { executionFinished, executionProgressed, executionStarted } from '@tocsin/contract/events/scans'
import type { ExecutionId } from '@tocsin/contract/ids'
import { finishExecution, startExecution } from '@tocsin/domain/scans/executions'
import type { Foundation } from '@tocsin/journal/foundation'
import { detector, type HeldScan } from './held-scan.ts'

export type Executed<Result> = { ok: true; result: Result } | { ok: false; error: unknown }

/** How far an agent is, 0–100, and what it is at. */
export type Tell = (percentage: number, step: string) => void

type Deps = Pick<Foundation, 'journal' | 'log' | 'clock'>

/**
 * One agent's part of a scan, as a row and as events that may be lost. An agent that breaks ends alone: what it had to say is unknown,
 * its error is shown, and the others go on.
 */
export async function execute<Result>(
  deps: Deps,
  scan: HeldScan,
  agent: Agent,
  work: (tell: Tell) => Promise<Result>,
  findingsOf: (result: Result) => number,
  signal: AbortSignal,
): Promise<Executed<Result>> {
  const { orgId, scanId, token } = scan
  const execution = await deps.journal.change(orgId, detector, (change) => startExecution(change, { scanId, token, agent }))
  if (execution) await deps.journal.announce(orgId, detector, executionStarted, { execution })
  const telling = execution ? createTelling(deps, scan, agent, execution.id) : null
  const executed = await outcomeOf(() => work((percentage, step) => telling?.tell(percentage, step)))
  await telling?.settle()
  // Whoever ended the scan has ended its parts too.
  if (!execution || signal.aborted) return executed
  if (!executed.ok) deps.log.error({ err: executed.error, orgId, scanId, agent }, 'A part of a scan broke.')
  const end = executed.ok
    ? ({ status: 'completed', findings: findingsOf(executed.result), error: null } as const)
    : ({ status: 'failed', findings: 0, error: messageOf(executed.error) } as const)
  const finished = await deps.journal.change(orgId, detector, (change) =>
    finishExecution(change, { executionId: execution.id, ...end }),
  )
  if (finished) await deps.journal.announce(orgId, detector, executionFinished, { execution: finished })
  return executed
}

/** Four ticks a second are smooth to the eye. */
const announceEveryMs = 250

function createTelling(deps: Deps, { orgId, scanId, siteId }: HeldScan, agent: Agent, executionId: ExecutionId) {
  let toldAtMs = Number.NEGATIVE_INFINITY
  let told = Promise.resolve()
  return {
    tell(percentage: number, step: string) {
      const nowMs = deps.clock.now().getTime()
      if (nowMs - toldAtMs < announceEveryMs) return
      toldAtMs = nowMs
      const data = { executionId, scanId, siteId, agent, percentage: Math.floor(percentage), step }
      told = told.then(() => deps.journal.announce(orgId, detector, executionProgressed, data))
    },
    settle: () => told,
  }
}

/**
 * Gives up on work that takes too long, also when it never returns: its signal is aborted, and whatever it still says is not heard. Only
 * work that keeps the thread to itself cannot be ended.
 */
export async function within<Result>(
  msMax: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const late = new AbortController()
  const { promise, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    const error = new Error(`It took longer than ${Math.round(msMax / 1000)} seconds and was ended.`)
    late.abort(error)
    reject(error)
  }, msMax)
  const given = () => reject(signal.reason)
  signal.addEventListener('abort', given, { once: true })
  try {
    signal.throwIfAborted()
    return await Promise.race([work(AbortSignal.any([signal, late.signal])), promise])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', given)
  }
}

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<Executed<Result>> {
  try {
    return { ok: true, result: await work() }
  } catch (error) {
    return { ok: false, error }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
