import { apiKeyRevoked, memberRemoved, memberRoleChanged } from '@tocsin/contract/events/members'
import type { OrgId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { realtimeTokenSeconds } from '@tocsin/domain/members/realtime-token'
import { type DurableEvent, readEventsOfTypes } from '@tocsin/journal/read'

/** Whose credentials of before that moment are no longer good. */
export type Revocation = { actor: string; atMs: number }

/** A person and a key by one name, as `kind:id`. */
export const actorKey = (actor: { kind: string; id: string }): string => `${actor.kind}:${actor.id}`

const types = [memberRemoved.type, memberRoleChanged.type, apiKeyRevoked.type]

export function revocationOf(event: DurableEvent): Revocation | null {
  const atMs = Date.parse(event.at)
  if (event.type === apiKeyRevoked.type) return { actor: `api_key:${apiKeyRevoked.data.parse(event.data).apiKeyId}`, atMs }
  if (event.type === memberRemoved.type) return { actor: `user:${memberRemoved.data.parse(event.data).userId}`, atMs }
  if (event.type === memberRoleChanged.type) return { actor: `user:${memberRoleChanged.data.parse(event.data).userId}`, atMs }
  return null
}

/** Of the time in which a token could have been given out that is still good: tokens are checked without the database. */
export async function readRevocations(sql: Sql, orgId: OrgId, now: Date): Promise<Revocation[]> {
  const since = new Date(now.getTime() - realtimeTokenSeconds * 1000)
  return (await readEventsOfTypes(sql, orgId, types, since)).flatMap((event) => revocationOf(event) ?? [])
}

export const isRevoked = (revocations: readonly Revocation[], actor: string, validFromMs: number): boolean =>
  revocations.some((revocation) => revocation.actor === actor && revocation.atMs >= validFromMs)
