import type { SubscriberId } from '@tocsin/contract/ids'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import type { Message } from '@tocsin/domain/deliveries/message'
import { createSubscriberLinks } from '@tocsin/domain/subscribers/links'
import { type BroadcastData, type ConfirmData, confirmMessageType } from '@tocsin/domain/subscribers/messages'
import type { SecretBox } from '@tocsin/process/secret-box'
import type { Mail } from '@tocsin/templates/page'
import { type SubscriberUrls, subscriberMail } from '@tocsin/templates/subscriber-mail'
import type { ChatMessage } from './chat-message.ts'

/** What is different when a message goes to a subscriber of a status page: it speaks for the page, and its links are theirs alone. */
export interface SubscriberPart {
  readonly mail: Mail
  readonly headers: Record<string, string>
  readonly chat: ChatMessage
  /** With links in the place of what they are made of. */
  readonly webhook: Message
}

/** Null: the delivery is for somebody else. */
export type SubscriberPartOf = (delivery: ClaimedDelivery) => SubscriberPart | null

/** Links lead to us, so we have to know where we are reached. */
export function createSubscriberParts(box: SecretBox, publicUrl: string | null): SubscriberPartOf {
  return (delivery) => {
    if (!delivery.receiverId.startsWith('sub_')) return null
    if (publicUrl === null) throw new Error('PUBLIC_URL is not set: a subscriber cannot be written to.')
    const id = delivery.receiverId as SubscriberId // Of no other id is this the prefix.
    const links = createSubscriberLinks(box, publicUrl)
    return partOf(delivery.message, {
      page: (slug) => new URL(`/s/${slug}`, publicUrl).href,
      confirm: (nonce) => links.confirm(id, nonce),
      manage: links.manage(id),
      unsubscribe: links.unsubscribe(id),
    })
  }
}

function partOf(message: Message, urls: SubscriberUrls): SubscriberPart {
  const mail = subscriberMail(message, urls)
  // Only our own passes write messages for subscribers: each of them names the page.
  const data = message.data as ConfirmData | BroadcastData
  const url = message.type === confirmMessageType && 'nonce' in data ? urls.confirm(data.nonce) : urls.page(data.page.slug)
  return {
    mail,
    // RFC 8058: the mail program asks this address, by itself and without a visit.
    headers: { 'List-Unsubscribe': `<${urls.unsubscribe}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    chat: chatOf(message, data, { mail, url }),
    webhook: { ...message, data: webhookData(data, urls) },
  }
}

function chatOf(message: Message, data: ConfirmData | BroadcastData, { mail, url }: { mail: Mail; url: string }): ChatMessage {
  const isOver = /\.(resolved|completed|cancelled)$/.test(message.type)
  const subject = 'incident' in data ? data.incident.id : 'maintenance' in data ? data.maintenance.id : message.type
  return {
    title: mail.subject,
    text: mail.text,
    severity: null,
    status: isOver ? 'resolved' : 'info',
    facts: [],
    url,
    dedupKey: subject,
    at: message.at,
  }
}

function webhookData(data: ConfirmData | BroadcastData, urls: SubscriberUrls): object {
  const page = { ...data.page, url: urls.page(data.page.slug) }
  if ('nonce' in data) return { page, confirmUrl: urls.confirm(data.nonce) }
  return { ...data, page, manageUrl: urls.manage, unsubscribeUrl: urls.unsubscribe }
}
