import type { SubscriberId } from '@tocsin/contract/ids'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import { createSubscriberLinks, type SubscriberLinks } from '@tocsin/domain/subscribers/links'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { Mail } from '@tocsin/templates/page'
import { subscriberMail } from '@tocsin/templates/subscriber-mail'

/** What of a mail is different when it goes to a subscriber of a status page. */
export interface SubscriberPart {
  readonly mail: Mail
  readonly headers: Record<string, string>
}

/** Null: the delivery is for somebody else. */
export type SubscriberPartOf = (delivery: ClaimedDelivery) => SubscriberPart | null

/** Links lead to us, so we have to know where we are reached. */
export function createSubscriberParts(box: SecretBox, publicUrl: string | null): SubscriberPartOf {
  return (delivery) => {
    if (!delivery.receiverId.startsWith('sub_')) return null
    if (publicUrl === null) throw new Error('PUBLIC_URL is not set: a subscriber cannot be written to.')
    const id = delivery.receiverId as SubscriberId // Of no other id is this the prefix.
    return partOf(delivery, id, createSubscriberLinks(box, publicUrl), publicUrl)
  }
}

function partOf({ message }: ClaimedDelivery, id: SubscriberId, links: SubscriberLinks, publicUrl: string): SubscriberPart {
  const unsubscribe = links.unsubscribe(id)
  const mail = subscriberMail(message, {
    page: (slug) => new URL(`/s/${slug}`, publicUrl).href,
    confirm: (nonce) => links.confirm(id, nonce),
    manage: links.manage(id),
    unsubscribe,
  })
  // RFC 8058: the mail program asks this address, by itself and without a visit.
  const headers = { 'List-Unsubscribe': `<${unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
  return { mail, headers }
}
