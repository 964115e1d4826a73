import { SourcesSection } from '../features/sources/sources-section.tsx'
import { useSiteId } from './use-site-id.ts'

export function SourcesTab() {
  return <SourcesSection siteId={useSiteId()} />
}
