import { z } from 'zod'
import { type CsvBody, columnName, csvAnswer } from '../csv.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ComponentId, StatusPageId, SubscriberId } from '../ids.ts'
import { IncidentImpact } from './incidents.ts'

/** pending → confirmed → unsubscribed; quarantined: mail to it came back, and nothing more is sent. */
export const SubscriberState = z.enum(['pending', 'confirmed', 'quarantined', 'unsubscribed']).meta({ id: 'SubscriberState' })
export type SubscriberState = z.infer<typeof SubscriberState>

export const Subscriber = z
  .object({
    id: SubscriberId,
    statusPageId: StatusPageId,
    kind: z.enum(['email', 'webhook', 'slack']),
    address: z.string().meta({ description: 'Of a webhook or a chat only the host.' }),
    state: SubscriberState,
    stateReason: z
      .enum(['hard_bounce', 'soft_bounces', 'complaint', 'by_themselves', 'by_admin', 'receiver_gone'])
      .nullable()
      .meta({ description: 'Why it is quarantined, or gone.' }),
    componentIds: z.array(ComponentId).nullable().meta({ description: 'Null: all components.' }),
    minimumImpact: IncidentImpact,
    pausedUntil: Timestamp.nullable(),
    source: z.enum(['page', 'admin', 'import']),
    confirmedAt: Timestamp.nullable().meta({ description: 'When they agreed.' }),
    consent: z.string().nullable().meta({ description: 'How they agreed.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Subscriber', description: 'Somebody who wants to hear what a status page says.' })
export type Subscriber = z.infer<typeof Subscriber>

const address = z.string().trim().toLowerCase().pipe(z.email().max(254)).meta({ example: 'reader@example.com' })
const consented = {
  confirmedAt: Timestamp.optional().meta({ description: 'When they agreed to be told. Without it they are asked.' }),
  consent: z.string().trim().max(500).optional().meta({ description: 'How they agreed: a form, a contract, another system.' }),
}

export const SubscriberInput = z
  .strictObject({
    address,
    statusPageId: StatusPageId.optional().meta({ description: "The org's first page if absent." }),
    componentIds: z.array(ComponentId).max(1_000).optional().meta({ description: 'All of them if absent.', example: undefined }),
    minimumImpact: IncidentImpact.default('none'),
  })
  .meta({ id: 'SubscriberInput' })
export type SubscriberInput = z.infer<typeof SubscriberInput>

export const subscriberRowsMax = 10_000

export const SubscriberImport = z
  .strictObject({
    statusPageId: StatusPageId.optional().meta({ description: "The org's first page if absent." }),
    subscribers: z
      .array(z.strictObject({ address, minimumImpact: IncidentImpact.default('none'), ...consented }))
      .min(1)
      .max(subscriberRowsMax),
  })
  .meta({ id: 'SubscriberImport' })
export type SubscriberImport = z.infer<typeof SubscriberImport>

const columns = {
  address: ['address', 'email', 'emailaddress'],
  confirmedAt: ['confirmedat', 'consentat', 'optintime', 'subscribedat'],
  consent: ['consent', 'consentsource', 'optinsource'],
  minimumImpact: ['minimumimpact'],
} as const

const csv: CsvBody = {
  field: 'subscribers',
  doc: 'A header and a row for each: `address`; `confirmed_at` (RFC 3339, UTC) and `consent` for those who have agreed already; `minimum_impact`. Who has not agreed gets one mail that asks. What this API exports can be imported.',
  read(cells) {
    const named = new Map([...cells].map(([name, value]) => [columnName(name), value.trim()]))
    const cellOf = (names: readonly string[]) => names.map((name) => named.get(name)).find((value) => value)
    return Object.fromEntries(
      Object.entries(columns).flatMap(([field, names]) => {
        const value = cellOf(names)
        return value === undefined ? [] : [[field, value]]
      }),
    )
  },
}

export const SubscriberImportResult = z
  .object({
    confirmed: z.number().int().meta({ description: 'New, and told from now on.' }),
    asked: z.number().int().meta({ description: 'New, and asked by mail whether they want to be told.' }),
    known: z.number().int().meta({ description: 'There already, or left before: untouched.' }),
  })
  .meta({ id: 'SubscriberImportResult' })
export type SubscriberImportResult = z.infer<typeof SubscriberImportResult>

const params = z.strictObject({ subscriberId: SubscriberId })

export const listSubscribers = defineEndpoint('listSubscribers', {
  method: 'get',
  path: '/v1/subscribers',
  doc: 'Who is told by the status page, newest first; as CSV for whoever asks for it, with how and when they agreed.',
  needs: 'admin',
  query: z.strictObject({
    ...pageQuery,
    state: SubscriberState.optional(),
    address: z.string().trim().toLowerCase().max(254).optional().meta({ description: 'A part of the address.' }),
    format: z.enum(['json', 'csv']).optional(),
  }),
  csvAnswer: csvAnswer(Subscriber, 'Every subscriber, a line each.'),
  answer: pageOf(Subscriber),
})
export const addSubscriber = defineEndpoint('addSubscriber', {
  method: 'post',
  path: '/v1/subscribers',
  doc: 'Invite an address. It gets one mail that asks, and nothing else before it agrees.',
  needs: 'admin',
  body: SubscriberInput,
  answer: Subscriber,
})
export const importSubscribers = defineEndpoint('importSubscribers', {
  method: 'post',
  path: '/v1/subscribers/import',
  doc: 'Bring a list of subscribers, as JSON or CSV: those who have agreed are told from now on, the others are asked. All or nothing.',
  needs: 'admin',
  body: SubscriberImport,
  csv,
  status: 200,
  answer: SubscriberImportResult,
})
export const getSubscriber = defineEndpoint('getSubscriber', {
  method: 'get',
  path: '/v1/subscribers/{subscriberId}',
  doc: 'One subscriber.',
  needs: 'admin',
  params,
  answer: Subscriber,
})
export const deleteSubscriber = defineEndpoint('deleteSubscriber', {
  method: 'delete',
  path: '/v1/subscribers/{subscriberId}',
  doc: 'Forget a subscriber; what is still to be sent to it is dropped.',
  needs: 'admin',
  params,
  status: 204,
  answer: z.void(),
})
