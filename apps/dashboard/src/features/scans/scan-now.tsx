import { useMutation } from '@tanstack/react-query'
import { startScan } from '@tocsin/contract/api/scans'
import type { SiteId } from '@tocsin/contract/ids'
import { useScans } from '../../live/lists.ts'
import { useSigned } from '../../session.tsx'
import { Button } from '../../ui/button.tsx'

/** Check now. While a scan is queued or running there is nothing to press: it is being checked. */
export function ScanNow({ siteId }: { siteId: SiteId }) {
  const { client, may } = useSigned()
  const scans = useScans(siteId)
  const start = useMutation({ mutationFn: () => client.call(startScan, { params: { siteId } }) })
  const state = scans.data?.data[0]?.state
  const underWay = state === 'queued' || state === 'running'
  if (!may('write')) return null
  return (
    <Button look="primary" icon="refresh" busy={start.isPending || underWay} onClick={() => start.mutate()}>
      {underWay ? 'Checking…' : 'Check now'}
    </Button>
  )
}
