import { useQuery } from '@tanstack/react-query'
import { type DeliveryDetail, getDelivery } from '@tocsin/contract/api/deliveries'
import type { DeliveryId } from '@tocsin/contract/ids'
import type { Refetched } from '../../live/refetches.ts'
import { useSigned } from '../../session.tsx'

/** A first success has no event: as long as it is under way it is asked for. */
const pollMs = 1_500

export function useDelivery(deliveryId: DeliveryId) {
  const { client, org } = useSigned()
  return useQuery<DeliveryDetail>({
    queryKey: ['deliveryDetail' satisfies Refetched, org.id, deliveryId],
    queryFn: ({ signal }) => client.call(getDelivery, { params: { deliveryId }, signal }),
    refetchInterval: ({ state }) => (state.data?.state === 'pending' ? pollMs : false),
  })
}
