import { circuitBreakerTripped } from '@tocsin/contract/events/deliveries'
import { threatDetected } from '@tocsin/contract/events/threats'
import { testMessageType } from '@tocsin/contract/message'
import { type DigestData, digestMessageType, type Message } from '@tocsin/domain/deliveries/message'
import { breakerMail } from './breaker-mail.ts'
import { digestMail } from './digest-mail.ts'
import { eventMail } from './event-mail.ts'
import type { Mail, MailContext } from './page.ts'
import { testMail } from './test-mail.ts'
import { threatMail } from './threat-mail.ts'

/** Text and HTML are both written; neither is made from the other. */
export function renderMail(message: Message, context: MailContext): Mail {
  if (message.type === testMessageType) return testMail(context)
  // Only the digest pass writes messages of this type, and it writes this shape.
  if (message.type === digestMessageType) return digestMail(message.data as DigestData, context)
  if (message.type === circuitBreakerTripped.type) {
    const tripped = circuitBreakerTripped.data.safeParse(message.data)
    if (tripped.success) return breakerMail(tripped.data, context)
  }
  // Every event about a threat has the same shape but the count of them.
  const threat = threatDetected.data.safeParse(message.data)
  return threat.success ? threatMail(message, threat.data, context) : eventMail(message, context)
}
