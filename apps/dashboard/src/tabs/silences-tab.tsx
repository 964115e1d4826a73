import { SilencesSection } from '../features/silences/silences-section.tsx'

export function SilencesTab() {
  return <SilencesSection />
}
