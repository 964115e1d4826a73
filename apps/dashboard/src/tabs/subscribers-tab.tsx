import { SubscribersSection } from '../features/subscribers/subscribers-section.tsx'

export function SubscribersTab() {
  return <SubscribersSection />
}
