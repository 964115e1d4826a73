import { useMutation } from '@tanstack/react-query'
import { cancelScan, type Scan } from '@tocsin/contract/api/scans'
import type { SiteId } from '@tocsin/contract/ids'
import { useScans, useSite, useThreats } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Loaded } from '../../ui/loaded.tsx'
import { Time, useNowMs } from '../../ui/time.tsx'
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
  const confirmed = useConfirmed(scan)
  const suspected = useSuspected(scan, confirmed)
  return (
    <div className="scan-over" data-tone={tone}>
      <Icon name={icon} size={18} />
      <div>
        <p>
          <strong>{title}</strong> <span className="muted">{scan.finishedAt && <Time at={scan.finishedAt} />}</span>
        </p>
        <p className="muted">{explain(scan, confirmed)}</p>
        {suspected > 0 && (
          <p className="scan-suspected">
            <Icon name="clock" size={13} />
            {suspected === 1
              ? '1 finding is being looked at again before it counts.'
              : `${suspected} findings are being looked at again before they count.`}
          </p>
        )}
      </div>
    </div>
  )
}

/** Findings of this scan that have become threats since it ended. */
function useConfirmed(scan: Scan): number {
  const active = useThreats(scan.siteId, 'active')
  const acknowledged = useThreats(scan.siteId, 'acknowledged')
  const open = [...(active.data?.data ?? []), ...(acknowledged.data?.data ?? [])]
  return open.filter((threat) => threat.scanId === scan.id && scan.finishedAt !== null && threat.firstSeenAt >= scan.finishedAt)
    .length
}

/** Findings that are still open to doubt: neither confirmed by now nor past the last look that the site's settings allow for. */
function useSuspected(scan: Scan, confirmed: number): number {
  const now = useNowMs()
  const site = useSite(scan.siteId)
  if (!scan.finishedAt || !site.data) return 0
  const { firstSeconds, secondSeconds } = site.data.confirmation
  const decidedByMs = Date.parse(scan.finishedAt) + (firstSeconds + secondSeconds) * 1000 + looksTakeMs
  return now > decidedByMs ? 0 : Math.max(0, scan.suspected - confirmed)
}

/** Looks wait for a free detector and for the site to answer. */
const looksTakeMs = 60_000

function verdictOf(scan: Scan) {
  if (scan.state === 'failed') return { icon: 'high', tone: 'bad', title: 'The last check could not be made' } as const
  if (scan.state === 'cancelled') return { icon: 'cross', tone: 'off', title: 'The last check was cancelled' } as const
  if (!scan.complete) return { icon: 'medium', tone: 'warn', title: 'Checked in part' } as const
  return { icon: 'check', tone: 'good', title: scan.baseline ? 'First check done: this is the baseline' : 'Checked' } as const
}

function explain(scan: Scan, confirmed: number): string {
  if (scan.state === 'failed') return scan.failure ? scanFailures[scan.failure] : 'Nothing is concluded from it.'
  if (scan.state === 'cancelled') return 'What it had found until then was dropped.'
  const threats = scan.threatsFound + confirmed
  const found = threats === 0 ? 'no threats' : threats === 1 ? '1 threat' : `${threats} threats`
  const partly = scan.complete ? '' : ' So much could not be measured that nothing is concluded from what is absent.'
  return `${pagesText(scan.pagesDone)}, ${found}.${partly}`
}
