import { Actor } from '@tocsin/contract/actor'
import { EventPattern } from '@tocsin/contract/event'
import { OrgId } from '@tocsin/contract/ids'
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { scopes } from './members.ts'

/** Long enough to outlive every connection, short enough to be worth little when it leaks. */
export const realtimeTokenSeconds = 3600

const issuer = 'tocsin'
/** Nothing else that we sign has this audience, so no other token opens a stream. */
const audience = 'realtime'

const Claims = z.object({
  orgId: OrgId,
  actor: Actor,
  scope: z.enum(scopes),
  /** The patterns the token is limited to; absent: everything. */
  events: z.array(EventPattern).optional(),
})
export type RealtimeClaims = z.infer<typeof Claims>

/** A token that opens streams of one org. Checking it needs no database. */
export async function signRealtimeToken(
  key: Uint8Array,
  claims: RealtimeClaims,
  now: Date,
): Promise<{ token: string; expiresIn: number }> {
  const seconds = Math.floor(now.getTime() / 1000)
  const token = await new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + realtimeTokenSeconds)
    .sign(key)
  return { token, expiresIn: realtimeTokenSeconds }
}

/** Null: not ours, changed, or expired. */
export async function verifyRealtimeToken(
  key: Uint8Array,
  token: string,
  now: Date,
): Promise<(RealtimeClaims & { expiresAt: Date }) | null> {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer, audience, currentDate: now })
    const claims = Claims.safeParse(payload)
    if (!claims.success || payload.exp === undefined) return null
    return { ...claims.data, expiresAt: new Date(payload.exp * 1000) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}
