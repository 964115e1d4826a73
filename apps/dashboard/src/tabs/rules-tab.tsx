import { RulesSection } from '../features/rules/rules-section.tsx'
import { useSiteId } from './use-site-id.ts'

export function RulesTab() {
  return <RulesSection siteId={useSiteId()} />
}
