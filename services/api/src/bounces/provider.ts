import { type Bounce, Bounces, bouncesMax } from '@tocsin/contract/api/bounces'
import { z } from 'zod'
import { deliveryIn } from './dsn.ts'

/** What a provider says, in our words; null: it is in no shape that we know. */
export function readProvider(body: unknown): Bounce[] | null {
  const sns = Sns.safeParse(body)
  if (sns.success) return readSes(sns.data.Message)
  for (const read of [readSesEvent, readPostmark, readMailgun, readOwn]) {
    const bounces = read(body)
    if (bounces) return bounces.slice(0, bouncesMax)
  }
  return null
}

function readOwn(body: unknown): Bounce[] | null {
  return Bounces.safeParse(body).data?.bounces ?? null
}

/** SNS carries the event of SES as text within JSON. */
const Sns = z.object({ Type: z.literal('Notification'), Message: z.string() })
const SesMail = z.object({ headers: z.array(z.object({ name: z.string(), value: z.string() })).default([]) })
const recipients = z.array(z.object({ emailAddress: z.string() }))
const SesEvent = z.union([
  z.object({
    notificationType: z.literal('Bounce'),
    mail: SesMail,
    bounce: z.object({ bounceType: z.string(), bouncedRecipients: recipients }),
  }),
  z.object({
    notificationType: z.literal('Complaint'),
    mail: SesMail,
    complaint: z.object({ complainedRecipients: recipients }),
  }),
  z.object({ notificationType: z.string(), mail: SesMail }),
])

function readSes(message: string): Bounce[] {
  try {
    return readSesEvent(JSON.parse(message)) ?? []
  } catch (error) {
    // A confirmation or a test of the topic is plain text.
    if (error instanceof SyntaxError) return []
    throw error
  }
}

/** Through an event destination it is called eventType. */
function readSesEvent(body: unknown): Bounce[] | null {
  const named =
    typeof body === 'object' && body !== null && 'eventType' in body ? { ...body, notificationType: body.eventType } : body
  const event = SesEvent.safeParse(named).data
  if (!event) return null
  const header = event.mail.headers.find(({ name }) => name.toLowerCase() === 'x-tocsin-delivery')
  const deliveryId = deliveryIn(header?.value)
  const of = (kind: Bounce['kind'], list: z.infer<typeof recipients>) =>
    list.map(({ emailAddress }): Bounce => ({ kind, deliveryId, address: emailAddress.toLowerCase() }))
  if ('bounce' in event) return of(event.bounce.bounceType === 'Permanent' ? 'hard' : 'soft', event.bounce.bouncedRecipients)
  return 'complaint' in event ? of('complaint', event.complaint.complainedRecipients) : []
}

const Postmark = z.object({ RecordType: z.string(), Type: z.string().optional(), Email: z.string().optional() })

function readPostmark(body: unknown): Bounce[] | null {
  const event = Postmark.safeParse(body).data
  if (!event) return null
  const address = event.Email?.toLowerCase() ?? null
  if (event.RecordType === 'SpamComplaint') return [{ kind: 'complaint', deliveryId: null, address }]
  if (event.RecordType !== 'Bounce') return []
  const kind =
    event.Type === 'SpamComplaint'
      ? 'complaint'
      : event.Type === 'HardBounce' || event.Type === 'BadEmailAddress'
        ? 'hard'
        : 'soft'
  return [{ kind, deliveryId: null, address }]
}

const Mailgun = z.object({
  'event-data': z.object({
    event: z.string(),
    severity: z.string().optional(),
    recipient: z.string().optional(),
    message: z.object({ headers: z.object({ 'message-id': z.string().optional() }).optional() }).optional(),
  }),
})

function readMailgun(body: unknown): Bounce[] | null {
  const event = Mailgun.safeParse(body).data?.['event-data']
  if (!event) return null
  const about = {
    deliveryId: deliveryIn(event.message?.headers?.['message-id']),
    address: event.recipient?.toLowerCase() ?? null,
  }
  if (event.event === 'complained') return [{ kind: 'complaint', ...about }]
  return event.event === 'failed' ? [{ kind: event.severity === 'permanent' ? 'hard' : 'soft', ...about }] : []
}
