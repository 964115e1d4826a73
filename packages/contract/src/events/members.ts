import { z } from 'zod'
import { Member, Org, Role, Scope } from '../api/orgs.ts'
import { defineEvent } from '../event.ts'
import { ApiKeyId, UserId } from '../ids.ts'

export const orgUpdated = defineEvent('org.updated', {
  doc: 'The name or a limit of the org changed.',
  data: z.object({ org: Org }),
})
export const memberJoined = defineEvent('member.joined', {
  doc: 'A person became a member of the org.',
  data: z.object({ member: Member }),
})
export const memberRoleChanged = defineEvent('member.role_changed', {
  doc: 'A member got another role.',
  data: z.object({ userId: UserId, oldRole: Role, newRole: Role }),
})
export const memberRemoved = defineEvent('member.removed', {
  doc: 'A person is no longer a member; their streams end.',
  data: z.object({ userId: UserId }),
})
export const apiKeyCreated = defineEvent('api_key.created', {
  doc: 'An API key was made.',
  data: z.object({ apiKeyId: ApiKeyId, name: z.string(), scope: Scope }),
})
export const apiKeyRevoked = defineEvent('api_key.revoked', {
  doc: 'An API key was revoked; streams opened with it end.',
  data: z.object({ apiKeyId: ApiKeyId }),
})
export const presenceChanged = defineEvent('presence.changed', {
  doc: 'Who has a stream of the org open at a gateway.',
  durable: false,
  data: z.object({ gateway: z.string(), connections: z.number().int(), users: z.array(UserId).max(200) }),
})
