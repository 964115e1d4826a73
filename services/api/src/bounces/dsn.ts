import { types } from 'node:util'
import type { Bounce, BounceKind } from '@tocsin/contract/api/bounces'
import { DeliveryId } from '@tocsin/contract/ids'
import { type ParsedMail, simpleParser } from 'mailparser'

/** A notification speaks of one mail of ours, to one address; some servers say more than once what became of it. */
const blocksMax = 100
/** What is larger or deeper is no notification, and would only keep us busy. */
const limits = { maxHeadSize: 64 * 1024, maxChildNodes: 100 } as const
const statusTypes = new Set(['message/delivery-status', 'message/global-delivery-status'])
const returnedTypes = new Set(['message/rfc822', 'text/rfc822-headers', 'message/rfc822-headers', 'message/global-headers'])

/**
 * What a mail says of a mail that came back; nothing if it is any other mail. Anybody can write one that says that an address is not there,
 * so an address counts for nothing: only who has got our mail, or was to bring it, knows its delivery.
 */
export async function readDsn(raw: Buffer): Promise<Bounce[]> {
  const mail = await parse(raw)
  const deliveryId = mail && (await deliveryOf(mail))
  if (!deliveryId) return []
  const kind = await kindOfMail(mail)
  return kind ? [{ kind, deliveryId }] : []
}

async function kindOfMail({ attachments }: ParsedMail): Promise<BounceKind | null> {
  const report = attachments.find(({ contentType }) => contentType === 'message/feedback-report')
  if (report) return isComplaint(await fieldsOf(report.content.toString('utf8'))) ? 'complaint' : null
  const statuses = attachments.filter(({ contentType }) => statusTypes.has(contentType))
  const blocks = statuses.flatMap(({ content }) => content.toString('utf8').split(/\r?\n(?:[ \t]*\r?\n)+/))
  const kinds = new Set<BounceKind | null>()
  for (const block of blocks.slice(0, blocksMax)) kinds.add(kindOf(await fieldsOf(block)))
  return kinds.has('hard') ? 'hard' : kinds.has('soft') ? 'soft' : null
}

const isComplaint = (fields: ReadonlyMap<string, string>): boolean => /^(abuse|fraud)$/i.test(fields.get('feedback-type') ?? '')

/** Null: it is beyond the limits. */
async function parse(raw: Buffer | string): Promise<ParsedMail | null> {
  try {
    return await simpleParser(raw, {
      keepDeliveryStatus: true,
      skipHtmlToText: true,
      skipImageLinks: true,
      skipTextToHtml: true,
      ...limits,
    })
  } catch (error) {
    if (types.isNativeError(error) && 'code' in error && error.code === 'EMAXLEN') return null
    throw error
  }
}

/** Each block of a report is written as the head of a mail is, so it is read by the same reader. */
async function fieldsOf(block: string): Promise<ReadonlyMap<string, string>> {
  const mail = await parse(`${block.trim()}\r\n\r\n`)
  return new Map(
    mail?.headerLines.map(({ key, line }) => [
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
