import type { Agent } from '@tocsin/contract/api/scans'
import { executionFinished, executionStarted } from '@tocsin/contract/events/scans'
import { finishExecution, startExecution } from '@tocsin/domain/scans/executions'
import type { Foundation } from '@tocsin/journal/foundation'
import { detector, type HeldScan } from './held-scan.ts'

export type Executed<Result> = { ok: true; result: Result } | { ok: false; error: unknown }

/**
 * One agent's part of a scan, as a row and as events that may be lost. An agent that breaks ends alone: what it had to say is unknown,
 * its error is shown, and the others go on.
 */
export async function execute<Result>(
  deps: Pick<Foundation, 'journal' | 'log'>,
  scan: HeldScan,
  agent: Agent,
  work: () => Promise<Result>,
  findingsOf: (result: Result) => number,
  signal: AbortSignal,
): Promise<Executed<Result>> {
  const { orgId, scanId, token } = scan
  const execution = await deps.journal.change(orgId, detector, (change) => startExecution(change, { scanId, token, agent }))
  if (execution) await deps.journal.announce(orgId, detector, executionStarted, { execution })
  const executed = await outcomeOf(work)
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

async function outcomeOf<Result>(work: () => Promise<Result>): Promise<Executed<Result>> {
  try {
    return { ok: true, result: await work() }
  } catch (error) {
    return { ok: false, error }
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
