import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { testMessageType } from '@tocsin/contract/message'
import { Notice, noticeMessageType } from '@tocsin/contract/notice'
import { SecurityNotice, securityMessageType } from '@tocsin/contract/security-notice'
import { type DigestData, digestMessageType, type Message } from '@tocsin/domain/deliveries/message'
import { breakerDraft } from './breaker-mail.ts'
import { digestDraft } from './digest-mail.ts'
import { eventDraft } from './event-mail.ts'
import { noticeDraft } from './notice-mail.ts'
import { type Draft, finish, type Mail, type MailContext } from './page.ts'
import { securityDraft } from './security-mail.ts'
import { testDraft } from './test-mail.ts'

export const renderMail = (message: Message, context: MailContext): Mail => finish(draftOf(message), context)

/** Text and HTML are both written; neither is made from the other. */
export function draftOf(message: Message): Draft {
  if (message.type === noticeMessageType) return noticeDraft(Notice.parse(message.data))
  if (message.type === securityMessageType) return securityDraft(SecurityNotice.parse(message.data))
  if (message.type === testMessageType) return testDraft()
  // Only the digest pass writes messages of this type, and it writes this shape.
  if (message.type === digestMessageType) return digestDraft(message.data as DigestData)
  if (message.type === circuitBreakerTripped.type) {
    const tripped = circuitBreakerTripped.data.safeParse(message.data)
    if (tripped.success) return breakerDraft(tripped.data)
  }
  return eventDraft(message)
}
