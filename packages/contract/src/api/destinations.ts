import { z } from 'zod'
import type { ChannelSpec } from '../channel.ts'
import { type ChatKind, channels } from '../channels/catalog.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { EventPattern, matchesPattern } from '../event.ts'
import { DestinationId } from '../ids.ts'
import { Severity } from '../rule.ts'
import { Delivery } from './deliveries.ts'

// A literal list keeps its words as types; that it names every channel is checked below.
export const DestinationKind = z
  .enum([
    'email',
    'slack',
    'discord',
    'teams',
    'telegram',
    'google_chat',
    'mattermost',
    'rocketchat',
    'ntfy',
    'gotify',
    'pushover',
    'pagerduty',
    'opsgenie',
    'twilio',
    'apprise',
  ])
  .meta({ id: 'DestinationKind' }) satisfies z.ZodType<'email' | ChatKind>
export type DestinationKind = z.infer<typeof DestinationKind>

export const Destination = z
  .object({
    id: DestinationId,
    kind: DestinationKind,
    name: z.string(),
    address: z.string().meta({ description: 'Of e-mail the address; of another kind what it can be recognised by.' }),
    settings: z
      .record(z.string(), z.unknown())
      .meta({ description: 'As this kind has them. What is secret is never shown, only named in `secrets`.' }),
    secrets: z.array(z.string()).meta({ description: 'Settings that are kept sealed.' }),
    events: z.array(EventPattern).meta({ description: 'What alerts may be about, by the event that brought them.' }),
    minimumSeverity: Severity,
    enabled: z.boolean(),
    disabledReason: z.enum(['by_hand', 'gone', 'failing', 'bounced']).nullable(),
    failingSince: Timestamp.nullable().meta({ description: 'Since when nothing was accepted. Comes and goes without an event.' }),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Destination' })
export type Destination = z.infer<typeof Destination>

/** What people are told of beside alerts: nothing that whoever changes a setting in a loop could fill an inbox with. */
export const mailEventTypes: readonly string[] = ['scan.failed', 'endpoint.failing', 'endpoint.warned', 'endpoint.disabled']

const alertTopics = ['threat.', 'monitor.', 'component.', 'incident.', 'metric.'] as const
/** A pattern that matches nothing of this would be a destination that is never told, and nobody would know. */
const HeardPattern = EventPattern.refine(
  (pattern) =>
    alertTopics.some((topic) => matchesPattern(pattern, `${topic}*`) || pattern.startsWith(topic)) ||
    mailEventTypes.some((type) => matchesPattern(pattern, type)),
  {
    error: `Must be about what alerts are about, such as threat.detected, monitor.* or metric.*, or match one of ${mailEventTypes.join(', ')}.`,
  },
)

/** zod's e-mail pattern admits neither white space nor line ends, so an address cannot smuggle a header. */
const address = z.email().max(254)
const common = {
  name: z.string().trim().max(120),
  events: z.array(HeardPattern).min(1).max(50),
  minimumSeverity: Severity,
}
const withDefaults = {
  name: common.name.default(''),
  events: common.events.default(['threat.*', 'monitor.*', 'component.*', 'incident.*', 'metric.*']),
  minimumSeverity: common.minimumSeverity.default('high'),
}

/** Written out kind by kind, so that each keeps its own fields. */
export const DestinationInput = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('email'), address, ...withDefaults }),
    inputOf(channels.slack),
    inputOf(channels.discord),
    inputOf(channels.teams),
    inputOf(channels.telegram),
    inputOf(channels.google_chat),
    inputOf(channels.mattermost),
    inputOf(channels.rocketchat),
    inputOf(channels.ntfy),
    inputOf(channels.gotify),
    inputOf(channels.pushover),
    inputOf(channels.pagerduty),
    inputOf(channels.opsgenie),
    inputOf(channels.twilio),
    inputOf(channels.apprise),
  ])
  .meta({ id: 'DestinationInput' })
export type DestinationInput = z.infer<typeof DestinationInput>

function inputOf<Kind extends string, Settings extends z.ZodObject>(spec: ChannelSpec<Kind, Settings>) {
  return z.strictObject({ kind: z.literal(spec.kind), settings: spec.settings, ...withDefaults })
}

export const DestinationChanges = z
  .strictObject({
    address: address.optional().meta({ description: 'Of e-mail.' }),
    settings: z
      .record(z.string().max(64), z.unknown())
      .optional()
      .meta({ description: 'Of another kind: those that change; null takes an optional one away.' }),
    name: common.name.optional(),
    events: common.events.optional(),
    minimumSeverity: common.minimumSeverity.optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'DestinationChanges' })
export type DestinationChanges = z.infer<typeof DestinationChanges>

const params = z.strictObject({ destinationId: DestinationId })

export const listDestinations = defineEndpoint('listDestinations', {
  method: 'get',
  path: '/v1/destinations',
  doc: 'Where people are told, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(Destination),
})
export const createDestination = defineEndpoint('createDestination', {
  method: 'post',
  path: '/v1/destinations',
  doc: 'Tell people by mail, in a chat, on a pager or by text message. Alert messages are limited per day; what is over the limit comes in an hourly digest.',
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
