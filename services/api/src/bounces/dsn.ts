import type { Bounce, BounceKind } from '@tocsin/contract/api/bounces'
import { DeliveryId } from '@tocsin/contract/ids'
import { type Attachment, type ParsedMail, simpleParser } from 'mailparser'

/** A notification speaks of one mail of ours, to one address; some servers collect a few. */
const recipientsMax = 100
const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status'])
const returnedTypes = new Set(['message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'])

/** What a mail says of mails that came back; nothing if it is any other mail. */
export async function readDsn(raw: Buffer): Promise<Bounce[]> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipImageLinks: true,
    skipTextToHtml: true,
  })
  const deliveryId = await deliveryOf(mail)
  const report = mail.attachments.find(({ contentType }) => contentType === 'message/feedback-report')
  if (report) return readComplaint(report, deliveryId)
  const statuses = mail.attachments.filter(({ contentType }) => statusTypes.has(contentType))
  const blocks = statuses.flatMap(({ content }) => content.toString('utf8').split(/\r?\n(?:[ \t]*\r?\n)+/))
  const bounces: Bounce[] = []
  for (const block of blocks.slice(0, recipientsMax)) {
    const fields = await fieldsOf(block)
    const kind = kindOf(fields)
    if (kind)
      bounces.push({ kind, deliveryId, address: addressOf(fields.get('final-recipient') ?? fields.get('original-recipient')) })
  }
  return bounces
}

/** Each block of a report is written as the head of a mail is, so it is read by the same reader. */
async function fieldsOf(block: string): Promise<ReadonlyMap<string, string>> {
  const { headerLines } = await simpleParser(`${block.trim()}\r\n\r\n`)
  return new Map(
    headerLines.map(({ key, line }) => [
      key,
      line
        .slice(line.indexOf(':') + 1)
        .replaceAll(/\s+/g, ' ')
        .trim(),
    ]),
  )
}

/** Null: it has arrived, or is still tried. */
export function kindOf(fields: ReadonlyMap<string, string>): BounceKind | null {
  if (fields.get('action')?.toLowerCase() !== 'failed') return null
  const [, group, subject, detail] = /^(\d)\.(\d{1,3})\.(\d{1,3})/.exec(fields.get('status') ?? '') ?? []
  if (group !== '5') return 'soft'
  // 5.1: the address; 5.2.1: the mailbox is disabled. 5.2.2 is full, 5.7 is what they think of us.
  if (subject === '1' || (subject === '2' && detail === '1')) return 'hard'
  const [, code] = /\b(5\d\d)\b/.exec(fields.get('diagnostic-code') ?? '') ?? []
  return subject === '0' && (code === '550' || code === '551' || code === '553') ? 'hard' : 'soft'
}

/** `rfc822; reader@example.com` */
function addressOf(field: string | undefined): string | null {
  const address = field?.split(';').at(-1)?.trim().replaceAll(/^<|>$/g, '').toLowerCase()
  return address?.includes('@') && address.length <= 320 ? address : null
}

async function readComplaint(report: Attachment, deliveryId: DeliveryId | null): Promise<Bounce[]> {
  const fields = await fieldsOf(report.content.toString('utf8'))
  if (!/^(abuse|fraud)$/i.test(fields.get('feedback-type') ?? '')) return []
  return [{ kind: 'complaint', deliveryId, address: addressOf(fields.get('original-rcpt-to')) }]
}

/** By what came back of our mail, else by the address it came back to: bounces+dlv_…@. */
async function deliveryOf(mail: ParsedMail): Promise<DeliveryId | null> {
  for (const { contentType, content } of mail.attachments) {
    if (!returnedTypes.has(contentType)) continue
    const head = content.toString('utf8').split(/\r?\n\r?\n/, 1)[0] ?? ''
    const fields = await fieldsOf(head)
    const found = deliveryIn(fields.get('x-tocsin-delivery')) ?? deliveryIn(fields.get('message-id'))
    if (found) return found
  }
  const to = [mail.to ?? []].flat().map(({ text }) => text)
  return deliveryIn(to.join(' '))
}

export function deliveryIn(text: string | undefined): DeliveryId | null {
  const parsed = DeliveryId.safeParse(/dlv_[0-9a-z]+/.exec(text ?? '')?.[0])
  return parsed.success ? parsed.data : null
}
