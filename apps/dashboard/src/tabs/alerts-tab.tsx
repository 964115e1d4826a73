import { Outlet } from '@tanstack/react-router'
import { AlertsSection } from '../features/alerts/alerts-section.tsx'

export function AlertsTab() {
  return (
    <>
      <AlertsSection />
      <Outlet />
    </>
  )
}
