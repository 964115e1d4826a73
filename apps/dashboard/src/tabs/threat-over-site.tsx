import { useParams } from '@tanstack/react-router'
import { ThreatId } from '@tocsin/contract/ids'
import { ThreatSheet } from '../features/threats/threat-sheet.tsx'
import { useSiteId } from './use-site-id.ts'

export function ThreatOverSite() {
  return <ThreatSheet siteId={useSiteId()} threatId={ThreatId.parse(useParams({ strict: false }).threatId)} />
}
