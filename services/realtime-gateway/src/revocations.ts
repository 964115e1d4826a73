import { apiKeyRevoked, memberRemoved, memberRoleChanged } from '@tocsin/contract/events/members'
import { type OrgId, UserId } from '@tocsin/contract/ids'
import type { Sql } from '@tocsin/db/transaction'
import { realtimeTokenSeconds } from '@tocsin/domain/members/realtime-token'
import { type DurableEvent, readEventsOfTypes } from '@tocsin/journal/read'
import { z } from 'zod'

/** Whose credentials of before that moment are no longer good. */
export type Revocation = { actor: string; atMs: number }

/** A person and a key by one name, as `kind:id`. */
export const actorKey = (actor: { kind: string; id: string }): string => `${actor.kind}:${actor.id}`

const types = [memberRemoved.type, memberRoleChanged.type, apiKeyRevoked.type]

/** Whoever reaches Redis may send anything: what is not of the event's shape revokes nothing, and must not end the gateway either. */
export function revocationOf({ type, at, data }: Pick<DurableEvent, 'type' | 'at' | 'data'>): Revocation | null {
  const actor =
    type === apiKeyRevoked.type
      ? keyOf(data)
      : type === memberRemoved.type || type === memberRoleChanged.type
        ? userOf(data)
        : null
  return actor === null ? null : { actor, atMs: Date.parse(at) }
}

function keyOf(data: unknown): string | null {
  const parsed = apiKeyRevoked.data.safeParse(data)
  return parsed.success ? `api_key:${parsed.data.apiKeyId}` : null
}

const AboutUser = z.object({ userId: UserId })
function userOf(data: unknown): string | null {
  const parsed = AboutUser.safeParse(data)
  return parsed.success ? `user:${parsed.data.userId}` : null
}

/** Of the time in which a token could have been given out that is still good: tokens are checked without the database. */
export async function readRevocations(sql: Sql, orgId: OrgId, now: Date): Promise<Revocation[]> {
  const since = new Date(now.getTime() - realtimeTokenSeconds * 1000)
  return (await readEventsOfTypes(sql, orgId, types, since)).flatMap((event) => revocationOf(event) ?? [])
}

export const isRevoked = (revocations: readonly Revocation[], actor: string, validFromMs: number): boolean =>
  revocations.some((revocation) => revocation.actor === actor && revocation.atMs >= validFromMs)
