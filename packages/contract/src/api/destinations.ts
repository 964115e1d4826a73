import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { EventPattern, matchesPattern } from '../event.ts'
import { DestinationId } from '../ids.ts'
import { Severity } from '../rule.ts'
import { Delivery } from './deliveries.ts'

export const Destination = z
  .object({
    id: DestinationId,
    kind: z.literal('email'),
    name: z.string(),
    address: z.email(),
    events: z.array(EventPattern),
    minimumSeverity: Severity,
    enabled: z.boolean(),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Destination' })
export type Destination = z.infer<typeof Destination>

/** What a person can act on. Anything else would let whoever changes a setting in a loop fill somebody's inbox; programs have webhooks. */
export const mailEventTypes: readonly string[] = [
  'threat.detected',
  'threat.updated',
  'threat.acknowledged',
  'threat.accepted',
  'threat.flapped',
  'threat.resolved',
  'scan.failed',
  'endpoint.disabled',
]
const MailPattern = EventPattern.refine((pattern) => mailEventTypes.some((type) => matchesPattern(pattern, type)), {
  error: `Must match one of ${mailEventTypes.join(', ')}.`,
})

/** zod's e-mail pattern admits neither white space nor line ends, so an address cannot smuggle a header. */
const address = z.email().max(254)
const settings = {
  name: z.string().trim().max(120),
  events: z.array(MailPattern).min(1).max(50),
  minimumSeverity: Severity,
  enabled: z.boolean(),
}

export const DestinationInput = z
  .strictObject({
    kind: z.literal('email'),
    address,
    name: settings.name.default(''),
    events: settings.events.default(['threat.detected', 'threat.resolved']),
    minimumSeverity: settings.minimumSeverity.default('high'),
  })
  .meta({ id: 'DestinationInput' })
export type DestinationInput = z.infer<typeof DestinationInput>
export const DestinationChanges = z
  .strictObject({
    address: address.optional(),
    name: settings.name.optional(),
    events: settings.events.optional(),
    minimumSeverity: settings.minimumSeverity.optional(),
    enabled: settings.enabled.optional(),
  })
  .meta({ id: 'DestinationChanges' })
export type DestinationChanges = z.infer<typeof DestinationChanges>

const params = z.strictObject({ destinationId: DestinationId })

export const listDestinations = defineEndpoint('listDestinations', {
  method: 'get',
  path: '/v1/destinations',
  doc: 'Who is told by mail, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(Destination),
})
export const createDestination = defineEndpoint('createDestination', {
  method: 'post',
  path: '/v1/destinations',
  doc: 'Tell an address by mail. Alert mails are limited per day; what is over the limit comes in an hourly digest.',
  needs: 'admin',
  body: DestinationInput,
  answer: Destination,
})
export const getDestination = defineEndpoint('getDestination', {
  method: 'get',
  path: '/v1/destinations/{destinationId}',
  doc: 'One destination.',
  needs: 'read',
  params,
  answer: Destination,
})
export const updateDestination = defineEndpoint('updateDestination', {
  method: 'patch',
  path: '/v1/destinations/{destinationId}',
  doc: 'Change, disable or enable a destination. If-Match is honoured.',
  needs: 'admin',
  params,
  body: DestinationChanges,
  answer: Destination,
})
export const deleteDestination = defineEndpoint('deleteDestination', {
  method: 'delete',
  path: '/v1/destinations/{destinationId}',
  doc: 'Delete a destination; what is still to be sent to it is dropped.',
  needs: 'admin',
  params,
  status: 204,
  answer: z.void(),
})
export const testDestination = defineEndpoint('testDestination', {
  method: 'post',
  path: '/v1/destinations/{destinationId}/test',
  doc: 'Send a test message now; its delivery shows how it went.',
  needs: 'write',
  params,
  status: 202,
  answer: Delivery,
})
