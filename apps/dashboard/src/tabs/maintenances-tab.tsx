import { MaintenancesSection } from '../features/maintenances/maintenances-section.tsx'

export function MaintenancesTab() {
  return <MaintenancesSection />
}
