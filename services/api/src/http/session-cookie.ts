import { sessionMs } from '@tocsin/domain/accounts/accounts'
import { sessionCookie } from '@tocsin/domain/members/authenticate'
import type { Response } from 'express'

/** Our tokens are 43 characters of base64url; anything else is somebody else's cookie. */
const pattern = new RegExp(`(?:^|;\\s*)${sessionCookie}=([\\w-]{43})(?:;|$)`)

export const sessionTokenOf = (cookies: string | undefined): string | null => pattern.exec(cookies ?? '')?.[1] ?? null

/** Lax: a link from a mail opens signed in, a form of another site does not. */
const attributes = (secure: boolean) => ({ httpOnly: true, sameSite: 'lax', path: '/', secure }) as const

export function setSessionCookie(response: Response, token: string, secure: boolean): void {
  response.cookie(sessionCookie, token, { ...attributes(secure), maxAge: sessionMs })
}

export function clearSessionCookie(response: Response, secure: boolean): void {
  response.clearCookie(sessionCookie, attributes(secure))
}
