import type { Agent, Execution } from '@tocsin/contract/api/scans'
import { type ExecutionId, newId } from '@tocsin/contract/ids'
import type { Change } from '@tocsin/journal/change'
import { type ExecutionRow, executionColumns, executionView } from './scans.read.ts'
import type { Lease } from './scans.ts'

/** An error is shown to the people of the org, and may quote a foreign server, whose NULs Postgres does not keep. */
const errorLengthMax = 500

/** The row is the record; whoever works announces it as an ephemeral event. Null: the scan is gone. */
export async function startExecution(change: Change, input: Lease & { agent: Agent }): Promise<Execution | null> {
  // The site before the scan, as everywhere: its deletion takes them in this order too.
  await change.tx.query('select from site where id = (select site_id from scan where id = $1) for key share', [input.scanId])
  const { rows } = await change.tx.query<ExecutionRow>(
    `insert into execution (id, org_id, scan_id, site_id, agent, status, started_at)
     select $1, $2, scan.id, scan.site_id, $5, 'running', $6::timestamptz from scan
     where scan.id = $3 and scan.lease_token = $4 and scan.state = 'running'
     returning ${executionColumns}`,
    [newId('execution'), change.orgId, input.scanId, input.token, input.agent, change.now],
  )
  const row = rows[0]
  return row ? executionView(row) : null
}

/** Null: it was already ended by a cancel or a takeover. */
export async function finishExecution(
  change: Change,
  input: { executionId: ExecutionId; status: 'completed' | 'failed'; findings: number; error: string | null },
): Promise<Execution | null> {
  const { rows } = await change.tx.query<ExecutionRow>(
    `update execution set status = $2, finished_at = $3, findings = $4, error = $5 where id = $1 and status = 'running'
     returning ${executionColumns}`,
    [
      input.executionId,
      input.status,
      change.now,
      input.findings,
      input.error?.replaceAll('\0', '').slice(0, errorLengthMax) ?? null,
    ],
  )
  const row = rows[0]
  return row ? executionView(row) : null
}
