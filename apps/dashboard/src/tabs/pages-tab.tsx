import { PagesSection } from '../features/pages/pages-section.tsx'
import { useSiteId } from './use-site-id.ts'

export function PagesTab() {
  return <PagesSection siteId={useSiteId()} />
}
