import { useParams } from '@tanstack/react-router'
import { AlertId, type DeliveryId } from '@tocsin/contract/ids'
import { useState } from 'react'
import { AlertSheet } from '../features/alerts/alert-sheet.tsx'
import { DeliverySheet } from '../features/deliveries/delivery-sheet.tsx'
import { MuteAlert } from '../features/silences/mute-alert.tsx'

export function AlertOverList() {
  const alertId = AlertId.parse(useParams({ strict: false }).alertId)
  const [delivery, setDelivery] = useState<DeliveryId | null>(null)
  return (
    <>
      <AlertSheet key={alertId} alertId={alertId} mute={(alert) => <MuteAlert alert={alert} />} onDelivery={setDelivery} />
      {delivery && <DeliverySheet deliveryId={delivery} onClose={() => setDelivery(null)} />}
    </>
  )
}
