import { ComponentsSection } from '../features/components/components-section.tsx'

export function ComponentsTab() {
  return <ComponentsSection />
}
