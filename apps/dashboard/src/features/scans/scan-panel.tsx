import { useMutation } from '@tanstack/react-query'
import { cancelScan, type Scan } from '@tocsin/contract/api/scans'
import type { SiteId } from '@tocsin/contract/ids'
import { useScans } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Time } from '../../ui/time.tsx'
import { Executions } from './executions.tsx'
import { pagesText, scanFailures } from './scan-words.ts'

/** What is going on with a site right now, or how its last check went. */
export function ScanPanel({ siteId }: { siteId: SiteId }) {
  const scans = useScans(siteId)
  return (
    <section className="card scan-panel" aria-label="Latest check">
      <Loaded query={scans} what="the latest check">
        {({ data: [latest] }) => {
          if (!latest) return <p className="muted scan-none">Not checked yet. The first check starts in a moment.</p>
          return (
            <>
              {latest.state === 'queued' || latest.state === 'running' ? <Running scan={latest} /> : <Over scan={latest} />}
              <Executions siteId={siteId} scanId={latest.id} />
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

function Running({ scan }: { scan: Scan }) {
  const { client, may } = useSigned()
  const cancel = useMutation({ mutationFn: () => client.call(cancelScan, { params: { scanId: scan.id } }) })
  const step = scan.state === 'queued' ? 'Waiting for a detector' : scan.step || 'Starting'
  return (
    <div className="scan-running">
      <div className="scan-line">
        <strong className="scan-step">{step}</strong>
        <span className="scan-pages">{scan.pagesTotal > 0 && `${scan.pagesDone} of ${scan.pagesTotal} pages`}</span>
        <span className="scan-percentage">{scan.percentage} %</span>
        {may('write') && (
          <Button look="quiet" icon="cross" busy={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel
          </Button>
        )}
      </div>
      <progress
        className="bar"
        aria-label="Progress of the check"
        aria-valuetext={`${scan.percentage} percent, ${step}`}
        max={100}
        value={scan.percentage}
      />
    </div>
  )
}

function Over({ scan }: { scan: Scan }) {
  const { icon, tone, title } = verdictOf(scan)
  return (
    <div className="scan-over" data-tone={tone}>
      <Icon name={icon} size={18} />
      <div>
        <p>
          <strong>{title}</strong> <span className="muted">{scan.finishedAt && <Time at={scan.finishedAt} />}</span>
        </p>
        <p className="muted">{explain(scan)}</p>
        {scan.suspected > 0 && (
          <p className="scan-suspected">
            <Icon name="clock" size={13} />
            {scan.suspected === 1 ? '1 finding is being looked at again' : `${scan.suspected} findings are being looked at again`}{' '}
            before it counts.
          </p>
        )}
      </div>
    </div>
  )
}

function verdictOf(scan: Scan) {
  if (scan.state === 'failed') return { icon: 'high', tone: 'bad', title: 'The last check could not be made' } as const
  if (scan.state === 'cancelled') return { icon: 'cross', tone: 'off', title: 'The last check was cancelled' } as const
  if (!scan.complete) return { icon: 'medium', tone: 'warn', title: 'Checked in part' } as const
  return { icon: 'check', tone: 'good', title: scan.baseline ? 'First check done: this is the baseline' : 'Checked' } as const
}

function explain(scan: Scan): string {
  if (scan.state === 'failed') return scan.failure ? scanFailures[scan.failure] : 'Nothing is concluded from it.'
  if (scan.state === 'cancelled') return 'What it had found until then was dropped.'
  const found = scan.threatsFound === 0 ? 'no threats' : scan.threatsFound === 1 ? '1 threat' : `${scan.threatsFound} threats`
  const partly = scan.complete ? '' : ' So much could not be measured that nothing is concluded from what is absent.'
  return `${pagesText(scan.pagesDone)}, ${found}.${partly}`
}
