import { types } from 'node:util'
import type { OrgId } from '@tocsin/contract/ids'
import { DatabaseUnavailable } from '@tocsin/db/pool'
import type { ClaimedDelivery } from '@tocsin/domain/deliveries/claim'
import type { Clock } from '@tocsin/process/clock'
import { renderMail } from '@tocsin/templates/mail'
import type { TemplateOverride } from '@tocsin/templates/override'
import { createTransport } from 'nodemailer'
import type { DkimOptions } from '../dkim.ts'
import { attemptMsMax, type Channel, connectMsMax, responseBytesMax, type SendResult } from './channel.ts'
import type { SubscriberPartOf } from './subscriber-part.ts'

/** Connections to the mail server, and so mails in flight. */
export const mailConnectionsMax = 5

export interface EmailOptions {
  /** Null: no mail can be sent, and every attempt says so. */
  readonly smtpUrl: string | null
  readonly from: string
  /** Where links lead; null leaves them out. */
  readonly publicUrl: string | null
  /** Where mails come back to that cannot be delivered; null: to the sender. */
  readonly bounceAddress?: string | null
  readonly dkim?: DkimOptions | null
  /** What is different in mails to subscribers of a status page. */
  readonly subscriberPartOf?: SubscriberPartOf
  readonly clock: Clock
  /** An org's own words, by template. */
  readonly overridesOf: (orgId: OrgId) => Promise<ReadonlyMap<string, TemplateOverride>>
  readonly deadlineMs?: number
}

export function createEmailChannel(options: EmailOptions): Channel {
  const { smtpUrl, clock, overridesOf, deadlineMs = attemptMsMax } = options
  if (smtpUrl === null)
    return { send: async () => failure({ outcome: 'refused', response: 'SMTP_URL is not set' }, 0), close: async () => {} }
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: mailConnectionsMax,
    maxRequeues: 1,
    connectionTimeout: connectMsMax,
    greetingTimeout: connectMsMax,
    socketTimeout: deadlineMs,
    // A mail is only what our templates say: no address or title may pull a file or a page into it.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(options.dkim ? { dkim: options.dkim } : {}),
  })
  return {
    async send(delivery, signal) {
      const startedAt = performance.now()
      const elapsedMs = () => Math.round(performance.now() - startedAt)
      const late = AbortSignal.timeout(deadlineMs)
      try {
        const sent = await transport.sendMail({
          ...mailOf(delivery, await overridesOf(delivery.orgId), options, clock.now()),
          signal: AbortSignal.any([signal, late]),
        })
        const status = Number(/^\d{3}/.exec(sent.response)?.[0] ?? 250)
        return { outcome: 'accepted', retry: false, status, latencyMs: elapsedMs(), response: cut(sent.response), ...calm }
      } catch (error) {
        if (error instanceof DatabaseUnavailable)
          return failure({ outcome: 'aborted', response: 'The database was away' }, elapsedMs())
        if (signal.aborted) return failure({ outcome: 'aborted', response: 'Cancelled' }, elapsedMs())
        if (late.aborted) return failure({ outcome: 'timeout', response: `No answer within ${deadlineMs} ms` }, elapsedMs())
        return failure(faultOf(error), elapsedMs())
      }
    },
    close: async () => transport.close(),
  }
}

function mailOf(
  delivery: ClaimedDelivery,
  overrides: ReadonlyMap<string, TemplateOverride>,
  { from, publicUrl, bounceAddress = null, subscriberPartOf }: EmailOptions,
  now: Date,
) {
  if (delivery.address === null) throw new Error(`The delivery ${delivery.id} is not for a mail address.`)
  const own = subscriberPartOf?.(delivery) ?? null
  const host = /@([a-z0-9.-]+)/i.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    to: { name: '', address: delivery.address },
    // Made from the delivery's id, so that a mail that is sent twice can be recognised.
    messageId: `<${delivery.id}@${host}>`,
    date: now,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'X-Tocsin-Delivery': delivery.id,
      ...own?.headers,
    },
    ...(bounceAddress === null
      ? {}
      : { envelope: { from: bounceAddress.replace('@', `+${delivery.id}@`), to: delivery.address } }),
    ...(own?.mail ?? renderMail(delivery.message, { publicUrl, override: (template) => overrides.get(template) ?? null })),
  }
}

const calm = { retryAfterMs: null, slow: false } as const

type MailFault = Pick<SendResult, 'outcome' | 'response' | 'mailbox'> & { status?: number | null; retry?: boolean }

function failure({ outcome, response, status = null, retry = true, ...more }: MailFault, latencyMs: number): SendResult {
  return { outcome, retry, status, latencyMs, response: cut(response), ...calm, ...more }
}

/** 4xx is the server's "later", 5xx its "never"; without a code it is the network's, and later too. */
function faultOf(error: unknown): MailFault {
  // Anything but an error from the library is a bug of ours.
  if (!types.isNativeError(error)) throw error
  const code = 'code' in error ? String(error.code) : ''
  const status = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null
  if (status !== null) {
    const fault: MailFault = { outcome: 'rejected', response: error.message, status, retry: !isPermanent(status, code) }
    return isMailboxGone(error, status) ? { ...fault, mailbox: 'gone' } : fault
  }
  return { outcome: outcomeOf(code, error.message), response: error.message, status }
}

/** A login that is refused is for the operator to repair; the message is as good as before. */
const isPermanent = (status: number, code: string): boolean => status >= 500 && code !== 'EAUTH'

/** Refused for whom it is to, and not for what the server thinks of us (5.7), nor because the mailbox is full (552, 5.2.2). */
function isMailboxGone(error: Error, status: number): boolean {
  const enhanced = /\b5\.(\d{1,3})\.(\d{1,3})\b/.exec(error.message)
  const atRecipient = 'command' in error && error.command === 'RCPT TO'
  if (!atRecipient || ![550, 551, 553, 554].includes(status)) return false
  return enhanced === null ? status !== 554 : enhanced[1] === '1' || enhanced[0] === '5.2.1'
}

function outcomeOf(code: string, message: string): SendResult['outcome'] {
  if (code === 'ETIMEDOUT' || /timeout/i.test(message)) return 'timeout'
  if (code === 'EDNS') return 'dns'
  if (code === 'ETLS' || code === 'EREQUIRETLS') return 'tls'
  return 'refused'
}

const cut = (text: string): string => text.slice(0, responseBytesMax)
