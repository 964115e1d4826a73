import { BeaconSection } from '../features/vitals/beacon-section.tsx'
import { VitalsSection } from '../features/vitals/vitals-section.tsx'
import { useSiteId } from './use-site-id.ts'

export function VitalsTab() {
  const siteId = useSiteId()
  return (
    <>
      <VitalsSection siteId={siteId} />
      <BeaconSection siteId={siteId} />
    </>
  )
}
