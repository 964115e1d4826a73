import { DeliveriesOf, DeliveriesSection } from '../features/deliveries/deliveries-section.tsx'
import { TestOutcome } from '../features/deliveries/test-outcome.tsx'
import { DestinationsSection } from '../features/destinations/destinations-section.tsx'
import { LimitsSection } from '../features/orgs/limits-section.tsx'
import { WebhooksSection } from '../features/webhooks/webhooks-section.tsx'
import { Screen } from '../ui/screen.tsx'

export function NotificationsTab() {
  return (
    <Screen title="Notify" lead="Who is told when something breaks, and how every message fared.">
      <DestinationsSection outcome={(id) => <TestOutcome deliveryId={id} />} />
      <WebhooksSection
        outcome={(id) => <TestOutcome deliveryId={id} />}
        deliveries={(webhookId) => <DeliveriesOf webhookId={webhookId} />}
      />
      <LimitsSection />
      <DeliveriesSection />
    </Screen>
  )
}
