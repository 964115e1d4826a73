import { TemplatesSection } from '../features/templates/templates-section.tsx'

export function MailsTab() {
  return <TemplatesSection />
}
