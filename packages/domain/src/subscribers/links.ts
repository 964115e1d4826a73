import { timingSafeEqual } from 'node:crypto'
import { idSchema, type SubscriberId } from '@tocsin/contract/ids'
import type { SecretBox } from '@tocsin/process/secret-box'
import { z } from 'zod'

/** What the box of these links is called: api and notifier make and read the same ones. */
export const subscriberLinkPurpose = 'subscriber-link'

/** Links of a subscriber. They name no slug: a page may move, and a link in an old mail has to work. */
export interface SubscriberLinks {
  confirm(subscriberId: SubscriberId, nonce: string): string
  manage(subscriberId: SubscriberId): string
  unsubscribe(subscriberId: SubscriberId): string
}

const paths = { confirm: '/s/-/confirm/', manage: '/s/-/manage/', unsubscribe: '/s/-/unsubscribe/' } as const

export function createSubscriberLinks(box: SecretBox, publicUrl: string): SubscriberLinks {
  const url = (path: string, token: string) => new URL(path + token, publicUrl).href
  return {
    confirm: (id, nonce) => url(paths.confirm, confirmToken(box, id, nonce)),
    manage: (id) => url(paths.manage, manageToken(box, id)),
    unsubscribe: (id) => url(paths.unsubscribe, manageToken(box, id)),
  }
}

/** Good once and for a while: what is kept of it is a hash. The nonce alone, in a row that waits to be sent, opens nothing. */
export const confirmToken = (box: SecretBox, id: SubscriberId, nonce: string): string =>
  `${id}.${box.mac(`confirm ${id} ${nonce}`)}`

/** Good as long as the subscriber is there. */
export const manageToken = (box: SecretBox, id: SubscriberId): string => `${id}.${box.mac(`manage ${id}`)}`

const Token = z.tuple([idSchema('subscriber'), z.string().regex(/^[\w-]{43}$/)])

/** Whom a link speaks of, signed or not; null: it is none of ours. */
export function subscriberOfToken(token: string): SubscriberId | null {
  const parsed = Token.safeParse(token.split('.'))
  return parsed.success ? parsed.data[0] : null
}

export function isManageToken(box: SecretBox, token: string): boolean {
  const id = subscriberOfToken(token)
  if (id === null) return false
  const [given, wanted] = [Buffer.from(token), Buffer.from(manageToken(box, id))]
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}
