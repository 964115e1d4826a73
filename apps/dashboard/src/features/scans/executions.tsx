import type { Execution } from '@tocsin/contract/api/scans'
import type { ScanId, SiteId } from '@tocsin/contract/ids'
import { useExecutions } from '../../live/lists.ts'
import type { ExecutionView } from '../../live/snapshot.ts'
import { Icon } from '../../ui/icon.tsx'
import { durationText } from '../../ui/time.tsx'
import { agentNames, pagesText } from './scan-words.ts'

/** The crawler and the six detectors of one scan, side by side: how far each is, what it found, and why it failed. */
export function Executions({ siteId, scanId }: { siteId: SiteId; scanId: ScanId }) {
  const executions = useExecutions(siteId)
  const ofScan = (executions.data?.data ?? []).filter((execution) => execution.scanId === scanId)
  if (ofScan.length === 0) return null
  const inOrder = ofScan.toSorted((a, b) => places.indexOf(a.agent) - places.indexOf(b.agent))
  return (
    <ul className="executions" aria-label="Parts of the check">
      {inOrder.map((execution) => (
        <Part key={execution.id} execution={execution} />
      ))}
    </ul>
  )
}

/** The same place each time, whoever started first. */
const places = [
  'crawler',
  'technical',
  'indexation',
  'security',
  'vitals',
  'ranking',
  'competitors',
] satisfies Execution['agent'][]
const icons = { completed: 'check', failed: 'high', cancelled: 'cross' } as const

function Part({ execution }: { execution: ExecutionView }) {
  const { status, agent, error } = execution
  const percentage = execution.progress?.percentage // Unknown until the next tick, when the screen was opened in the middle of it.
  return (
    <li data-status={status}>
      <span className="execution-name">
        {status === 'running' ? <span className="spinner" aria-hidden="true" /> : <Icon name={icons[status]} size={13} />}
        {agentNames[agent]}
        {status === 'running' && percentage !== undefined && <span className="execution-percentage">{percentage} %</span>}
      </span>
      <span className="muted execution-outcome">{outcome(execution)}</span>
      {status === 'running' && (
        <progress className="bar bar-thin" aria-label={`Progress of ${agentNames[agent]}`} max={100} value={percentage ?? 0} />
      )}
      {status === 'failed' && <span className="execution-error">{error ?? 'It has failed. The others went on.'}</span>}
    </li>
  )
}

function outcome(execution: ExecutionView): string {
  if (execution.status === 'running') return execution.progress?.step || 'running'
  if (execution.status === 'failed') return 'failed'
  if (execution.status === 'cancelled') return 'cancelled'
  const duration = execution.durationMs === null ? '' : ` in ${durationText(execution.durationMs)}`
  if (execution.agent === 'crawler') return `${pagesText(execution.findings)}${duration}` // What the crawler finds is pages.
  return execution.findings === 0
    ? `nothing${duration}`
    : `${execution.findings} ${execution.findings === 1 ? 'finding' : 'findings'}${duration}`
}
