import type { Delivery } from '@tocsin/contract/api/deliveries'
import { useDestinations, useWebhooks } from '../../live/lists.ts'
import { useMembers } from '../../members.ts'
import type { IconName } from '../../ui/icon.tsx'
import { kindIcons, kindTitle } from '../../ui/receiver-kind.ts'

export interface Receiver {
  icon: IconName
  kind: string
  name: string
}

/** To whom a delivery goes, as one would recognise them. */
export function useReceiver(): (delivery: Delivery) => Receiver {
  const webhooks = useWebhooks().data?.data
  const destinations = useDestinations().data?.data
  const members = useMembers().data?.data
  return ({ channel, webhookId, destinationId, userId, subscriberId }) => {
    const webhook = webhooks?.find(({ id }) => id === webhookId)
    if (webhookId) return { icon: 'hook', kind: 'Webhook', name: webhook?.url ?? 'Deleted since' }
    const destination = destinations?.find(({ id }) => id === destinationId)
    if (destination) return { icon: kindIcons[destination.kind], kind: kindTitle(destination.kind), name: shown(destination) }
    const member = members?.find((each) => each.userId === userId)
    if (userId) return { icon: 'mail', kind: 'E-mail', name: member ? member.name || member.email : 'A former member' }
    if (subscriberId) return { icon: channel === 'email' ? 'mail' : 'hook', kind: 'Status page', name: 'A subscriber' }
    return { icon: channel === 'email' ? 'mail' : 'chat', kind: channel === 'email' ? 'E-mail' : 'Chat', name: 'Deleted since' }
  }
}

const shown = ({ name, address }: { name: string; address: string }) => (name === address ? address : `${name} · ${address}`)
