import { PageSettingsSection } from '../features/status-pages/page-settings-section.tsx'

export function PageSettingsTab() {
  return <PageSettingsSection />
}
