import { z } from 'zod'
import { defineEndpoint } from '../endpoint.ts'
import { EventPattern } from '../event.ts'
import { OrgId, UserId } from '../ids.ts'
import { Org, Role } from './orgs.ts'

const email = z.email().max(254).toLowerCase()
/** NIST SP 800-63B: length is what counts. The upper bound keeps hashing cheap to ask for. */
const password = z.string().min(10).max(200)

export const User = z.object({ id: UserId, email: z.email(), name: z.string() }).meta({ id: 'User' })
export type User = z.infer<typeof User>

export const SessionView = z
  .object({
    user: User,
    orgs: z.array(Org.extend({ role: Role })),
    csrfToken: z.string().meta({ description: 'To be sent as X-CSRF-Token with everything but GET.' }),
  })
  .meta({ id: 'Session' })
export type SessionView = z.infer<typeof SessionView>

export const signUp = defineEndpoint('signUp', {
  method: 'post',
  path: '/v1/auth/sign-up',
  doc: 'Make an account and an org of its own. The answer sets the session cookie.',
  needs: 'nothing',
  body: z.strictObject({
    email,
    password,
    name: z.string().trim().min(1).max(120),
    orgName: z.string().trim().min(1).max(120).optional(),
  }),
  answer: SessionView,
})
export const signIn = defineEndpoint('signIn', {
  method: 'post',
  path: '/v1/auth/sign-in',
  doc: 'Start a session: an HttpOnly cookie. Five wrong passwords lock the account for a quarter of an hour.',
  needs: 'nothing',
  body: z.strictObject({ email, password: z.string().min(1).max(200) }),
  status: 200,
  answer: SessionView,
})
export const signOut = defineEndpoint('signOut', {
  method: 'post',
  path: '/v1/auth/sign-out',
  doc: 'End the session.',
  needs: 'person',
  status: 204,
  answer: z.void(),
})
export const getSession = defineEndpoint('getSession', {
  method: 'get',
  path: '/v1/auth/session',
  doc: 'Who is signed in.',
  needs: 'person',
  answer: SessionView,
})
export const changePassword = defineEndpoint('changePassword', {
  method: 'post',
  path: '/v1/auth/password',
  doc: 'Change the password; every other session of the account ends.',
  needs: 'person',
  body: z.strictObject({ current: z.string().max(200), next: password }),
  status: 204,
  answer: z.void(),
})

export const RealtimeToken = z
  .object({
    token: z.string(),
    expiresIn: z.number().int().meta({ description: 'Seconds.' }),
    orgId: OrgId,
    streamUrl: z.string().meta({ description: 'Where GET /v1/stream is served.' }),
  })
  .meta({ id: 'RealtimeToken' })
const tokenBody = z
  .strictObject({
    events: z.array(EventPattern).min(1).max(50).optional().meta({ description: 'Event patterns the token is limited to.' }),
  })
  .default({})
export const createRealtimeToken = defineEndpoint('createRealtimeToken', {
  method: 'post',
  path: '/v1/realtime/token',
  doc: 'A token for the stream, good for an hour, bound to one org.',
  needs: 'read',
  body: tokenBody,
  status: 200,
  answer: RealtimeToken,
})
export const createRealtimeTokenAsFirstSpecified = defineEndpoint('createRealtimeTokenAsFirstSpecified', {
  ...createRealtimeToken,
  method: 'post',
  path: '/api/realtime/token',
  body: tokenBody,
  doc: 'The same as POST /v1/realtime/token.',
})
