import { IncidentsSection } from '../features/incidents/incidents-section.tsx'

export function IncidentsTab() {
  return <IncidentsSection />
}
