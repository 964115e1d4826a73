import type { Scan } from '@tocsin/contract/api/scans'
import type { SiteId } from '@tocsin/contract/ids'
import { useScans } from '../../live/lists.ts'
import { Loaded } from '../../ui/loaded.tsx'
import { durationText, Time } from '../../ui/time.tsx'
import { pagesText, scanFailures } from './scan-words.ts'

/** Earlier checks, for whoever wants to know. */
export function ScanHistory({ siteId }: { siteId: SiteId }) {
  const scans = useScans(siteId)
  return (
    <details className="section disclosure">
      <summary>Earlier checks</summary>
      <Loaded query={scans} what="earlier checks">
        {({ data }) =>
          data.length === 0 ? (
            <p className="muted">None yet.</p>
          ) : (
            <div className="table-scroll">
              <table className="table">
                <thead>
                  <tr>
                    <th scope="col">When</th>
                    <th scope="col">Why</th>
                    <th scope="col">Outcome</th>
                    <th scope="col" className="number">
                      Pages
                    </th>
                    <th scope="col" className="number">
                      Findings
                    </th>
                    <th scope="col" className="number">
                      Took
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {data.map((scan) => (
                    <Row key={scan.id} scan={scan} />
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Loaded>
    </details>
  )
}

function Row({ scan }: { scan: Scan }) {
  const took = scan.startedAt && scan.finishedAt ? Date.parse(scan.finishedAt) - Date.parse(scan.startedAt) : null
  return (
    <tr>
      <td>
        <Time at={scan.queuedAt} />
      </td>
      <td>{scan.trigger === 'manual' ? 'By hand' : 'Schedule'}</td>
      <td title={scan.failure ? scanFailures[scan.failure] : undefined}>{outcomeText(scan)}</td>
      <td className="number" aria-label={pagesText(scan.pagesDone)}>
        {scan.pagesDone}
      </td>
      <td className="number">{scan.threatsFound + scan.suspected}</td>
      <td className="number">{took === null ? '–' : durationText(took)}</td>
    </tr>
  )
}

function outcomeText(scan: Scan): string {
  if (scan.state === 'completed') return scan.baseline ? 'Baseline' : scan.complete ? 'Complete' : 'In part'
  return { queued: 'Queued', running: 'Running', failed: 'Failed', cancelled: 'Cancelled' }[scan.state]
}
