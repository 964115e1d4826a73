import { Outlet } from '@tanstack/react-router'
import { StatusPageScreen } from '../features/status-pages/status-page-screen.tsx'

export function StatusPagePlace() {
  return (
    <StatusPageScreen>
      <Outlet />
    </StatusPageScreen>
  )
}
