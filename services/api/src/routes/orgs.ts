import * as api from '@tocsin/contract/api/orgs'
import { idSchema, newId, type OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { isDuplicate } from '@tocsin/db/pool'
import { createApiKey, listApiKeys, revokeApiKey } from '@tocsin/domain/api-keys/api-keys'
import { acceptInvitation, createInvitation, orgOfInvitation } from '@tocsin/domain/members/invitations'
import { changeMemberRole, listMembers, removeMember, roleOfScope } from '@tocsin/domain/members/members'
import { createOrg, getOrg, updateOrg } from '@tocsin/domain/orgs/orgs'
import type { Foundation } from '@tocsin/journal/foundation'
import { change, org, person, type Route, read } from '../http/route.ts'

export const orgRoutes = (deps: Pick<Foundation, 'db'>): Route[] => [
  org(api.listOrgs, async (call) => {
    if (call.person) return { data: call.person.memberships.map((membership) => ({ ...membership.org, role: membership.role })) }
    return { data: [{ ...(await call.read((sql) => getOrg(sql, call.orgId))), role: roleOfScope[call.scope] }] }
  }),
  person(api.createOrg, async ({ body, person, idempotencyKey, change }) => {
    const orgId = idempotencyKey === null ? newId('org') : await repeatableOrgId(person.userId, idempotencyKey)
    return change(orgId, (opened) => createOrg(opened, { name: body.name, ownerId: person.userId })).catch((error: unknown) => {
      if (isDuplicate(error, 'org_pkey')) throw new Refusal('conflict', 'This Idempotency-Key has founded an org already.')
      throw error
    })
  }),
  read(api.getOrg, (sql, { orgId }) => getOrg(sql, orgId)),
  change(api.updateOrg, (change, { body, ifVersion }) => updateOrg(change, { changes: body, ifVersion })),
  read(api.listMembers, async (sql) => ({ data: await listMembers(sql) })),
  change(api.changeMemberRole, (change, { params, body, scope }) =>
    changeMemberRole(change, { userId: params.userId, role: body.role, callerScope: scope }),
  ),
  change(api.removeMember, (change, { params, scope }) => removeMember(change, { userId: params.userId, callerScope: scope })),
  change(api.createInvitation, async (change, { body, origin }) => {
    const invitation = await createInvitation(change, { role: body.role })
    return { ...invitation, url: `${origin}/invitations/${invitation.token}` }
  }),
  person(api.acceptInvitation, async ({ body, person, change }) => {
    const orgId = await orgOfInvitation(deps.db, body.token)
    return change(orgId, async (opened) => {
      await acceptInvitation(opened, { token: body.token, userId: person.userId })
      return getOrg(opened.tx, orgId)
    })
  }),
  read(api.listApiKeys, async (sql) => ({ data: await listApiKeys(sql) })),
  change(api.createApiKey, (change, { body }) =>
    createApiKey(change, { ...body, expiresAt: body.expiresAt === undefined ? null : new Date(body.expiresAt) }),
  ),
  change(api.revokeApiKey, (change, { params }) => revokeApiKey(change, params)),
]

/** A repeated request must look for its answer in the org that the first one founded, so the id follows from who asks and the key. */
async function repeatableOrgId(userId: string, key: string): Promise<OrgId> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`org ${userId} ${key}`))
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
  const random = Array.from(new Uint8Array(digest).subarray(0, 24), (byte) => alphabet.charAt(byte & 31)).join('')
  return idSchema('org').parse(`org_${random}`)
}
