import { z } from 'zod'
import { defineEndpoint, Timestamp } from '../endpoint.ts'
import { ApiKeyId, InvitationId, OrgId, UserId } from '../ids.ts'

/** Least first. */
export const Role = z.enum(['viewer', 'editor', 'admin', 'owner']).meta({ id: 'Role' })
export type Role = z.infer<typeof Role>

export const WebhookRetries = z.enum(['standard', 'short']).meta({
  id: 'WebhookRetries',
  description:
    'standard: ten attempts over three days, unless this installation has another schedule; short: the first five of them.',
})
export type WebhookRetries = z.infer<typeof WebhookRetries>

export const Org = z
  .object({
    id: OrgId,
    name: z.string(),
    dailyAlertLimit: z.number().int(),
    dailyCriticalReserve: z.number().int(),
    uptimeThresholdPercent: z.number().meta({ description: 'Sites and components below it are told of once a day.' }),
    dailyHour: z.number().int().meta({ description: 'When, in UTC: 0–23.' }),
    webhookRetries: WebhookRetries,
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Org' })
export type Org = z.infer<typeof Org>

export const Member = z
  .object({ userId: UserId, name: z.string(), email: z.email(), role: Role, joinedAt: Timestamp })
  .meta({ id: 'Member' })
export type Member = z.infer<typeof Member>

export const Scope = z.enum(['read', 'write', 'admin']).meta({ id: 'Scope' })
export type Scope = z.infer<typeof Scope>

export const ApiKey = z
  .object({
    id: ApiKeyId,
    name: z.string(),
    prefix: z.string().meta({ description: 'The first characters, to recognise it by.' }),
    scope: Scope,
    createdAt: Timestamp,
    lastUsedAt: Timestamp.nullable().meta({ description: 'To the minute.' }),
    expiresAt: Timestamp.nullable(),
    revokedAt: Timestamp.nullable(),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

export const Invitation = z
  .object({ id: InvitationId, role: Role, createdAt: Timestamp, expiresAt: Timestamp })
  .meta({ id: 'Invitation' })
export type Invitation = z.infer<typeof Invitation>

const orgName = z.string().trim().min(1).max(120)
const params = z.strictObject({ orgId: OrgId })
const memberParams = z.strictObject({ orgId: OrgId, userId: UserId })

export const listOrgs = defineEndpoint('listOrgs', {
  method: 'get',
  path: '/v1/orgs',
  doc: 'The orgs the credential belongs to.',
  needs: 'read',
  answer: z.object({ data: z.array(Org.extend({ role: Role })) }),
})
export const createOrg = defineEndpoint('createOrg', {
  method: 'post',
  path: '/v1/orgs',
  doc: 'Found another org; you become its owner.',
  needs: 'person',
  body: z.strictObject({ name: orgName }),
  answer: Org,
})
export const getOrg = defineEndpoint('getOrg', {
  method: 'get',
  path: '/v1/orgs/{orgId}',
  doc: 'One org.',
  needs: 'read',
  params,
  answer: Org,
})
export const updateOrg = defineEndpoint('updateOrg', {
  method: 'patch',
  path: '/v1/orgs/{orgId}',
  doc: 'Change the name, how many alert messages people get a day, when and below which uptime they are told once a day, or how often a webhook is tried. If-Match is honoured.',
  needs: 'admin',
  params,
  body: z.strictObject({
    name: orgName.optional(),
    dailyAlertLimit: z.number().int().min(0).max(1000).optional(),
    dailyCriticalReserve: z.number().int().min(0).max(1000).optional(),
    uptimeThresholdPercent: z.number().min(0).max(100).optional(),
    dailyHour: z.number().int().min(0).max(23).optional(),
    webhookRetries: WebhookRetries.optional(),
  }),
  answer: Org,
})
export const listMembers = defineEndpoint('listMembers', {
  method: 'get',
  path: '/v1/orgs/{orgId}/members',
  doc: 'The members of an org.',
  needs: 'read',
  params,
  answer: z.object({ data: z.array(Member) }),
})
export const changeMemberRole = defineEndpoint('changeMemberRole', {
  method: 'patch',
  path: '/v1/orgs/{orgId}/members/{userId}',
  doc: 'Give a member another role. Only an owner makes or unmakes owners; the last owner stays.',
  needs: 'admin',
  params: memberParams,
  body: z.strictObject({ role: Role }),
  answer: Member,
})
export const removeMember = defineEndpoint('removeMember', {
  method: 'delete',
  path: '/v1/orgs/{orgId}/members/{userId}',
  doc: 'Remove a member. Their streams end at once.',
  needs: 'admin',
  params: memberParams,
  status: 204,
  answer: z.void(),
})
export const createInvitation = defineEndpoint('createInvitation', {
  method: 'post',
  path: '/v1/orgs/{orgId}/invitations',
  doc: 'A link that makes whoever opens it a member, once, within seven days. The token is shown only here.',
  needs: 'admin',
  params,
  body: z.strictObject({ role: Role.exclude(['owner']) }),
  answer: Invitation.extend({ token: z.string(), url: z.url() }),
})
export const acceptInvitation = defineEndpoint('acceptInvitation', {
  method: 'post',
  path: '/v1/invitations/accept',
  doc: 'Join the org that an invitation is for.',
  needs: 'person',
  body: z.strictObject({ token: z.string().max(200) }),
  status: 200,
  answer: Org,
})

export const listApiKeys = defineEndpoint('listApiKeys', {
  method: 'get',
  path: '/v1/api-keys',
  doc: 'The API keys of the org, without their secrets.',
  needs: 'admin',
  answer: z.object({ data: z.array(ApiKey) }),
})
export const createApiKey = defineEndpoint('createApiKey', {
  method: 'post',
  path: '/v1/api-keys',
  doc: 'A new API key. The key itself is shown only here.',
  needs: 'admin',
  body: z.strictObject({ name: z.string().trim().min(1).max(120), scope: Scope, expiresAt: Timestamp.optional() }),
  answer: ApiKey.extend({ key: z.string() }),
})
export const revokeApiKey = defineEndpoint('revokeApiKey', {
  method: 'delete',
  path: '/v1/api-keys/{apiKeyId}',
  doc: 'Revoke an API key, at once and for good.',
  needs: 'admin',
  params: z.strictObject({ apiKeyId: ApiKeyId }),
  status: 204,
  answer: z.void(),
})
