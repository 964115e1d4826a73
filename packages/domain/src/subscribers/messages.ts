import type { Incident, IncidentUpdate } from '@tocsin/contract/api/incidents'
import type { Maintenance } from '@tocsin/contract/api/maintenances'

/** As a subscriber knows it. */
export interface PageName {
  readonly slug: string
  readonly name: string
}

/** Asks whether somebody wants to be told. No event: only the delivery has it. */
export const confirmMessageType = 'message.subscriber_confirm'
/** For somebody who subscribes and is subscribed: where to change or end it. */
export const manageMessageType = 'message.subscriber_manage'

export interface ConfirmData {
  readonly page: PageName
  readonly nonce: string
}
export interface ManageData {
  readonly page: PageName
}
/** Under the type of the event. */
export type BroadcastData = { readonly page: PageName } & (
  | { readonly incident: Incident; readonly update: IncidentUpdate }
  | { readonly maintenance: Maintenance }
)
