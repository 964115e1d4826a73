import type { Execution } from '@tocsin/contract/api/scans'
import type { ScanId, SiteId } from '@tocsin/contract/ids'
import { useExecutions } from '../../live/lists.ts'
import { Icon } from '../../ui/icon.tsx'
import { durationText } from '../../ui/time.tsx'
import { agentNames, pagesText } from './scan-words.ts'

/** The parts of one scan, as they start and end. */
export function Executions({ siteId, scanId }: { siteId: SiteId; scanId: ScanId }) {
  const executions = useExecutions(siteId)
  const ofScan = (executions.data?.data ?? []).filter((execution) => execution.scanId === scanId).reverse()
  if (ofScan.length === 0) return null
  return (
    <ul className="executions" aria-label="Parts of the check">
      {ofScan.map((execution) => (
        <li key={execution.id} data-status={execution.status} title={execution.error ?? undefined}>
          {execution.status === 'running' ? (
            <span className="spinner" aria-hidden="true" />
          ) : (
            <Icon name={icons[execution.status]} size={13} />
          )}
          <span>{agentNames[execution.agent]}</span>
          <span className="muted">{outcome(execution)}</span>
        </li>
      ))}
    </ul>
  )
}

const icons = { completed: 'check', failed: 'high', cancelled: 'cross' } as const

function outcome(execution: Execution): string {
  if (execution.status === 'running') return 'running'
  if (execution.status === 'failed') return execution.error ?? 'failed'
  if (execution.status === 'cancelled') return 'cancelled'
  const duration = execution.durationMs === null ? '' : ` in ${durationText(execution.durationMs)}`
  if (execution.agent === 'crawler') return `${pagesText(execution.findings)}${duration}` // What the crawler finds is pages.
  return execution.findings === 0
    ? `nothing${duration}`
    : `${execution.findings} ${execution.findings === 1 ? 'finding' : 'findings'}${duration}`
}
