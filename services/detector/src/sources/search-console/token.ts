import { createPrivateKey, createSign, type KeyObject } from 'node:crypto'
import type { SourceCredentials } from '@tocsin/contract/sources/catalog'
import { z } from 'zod'
import { type AskFault, askJson } from '../ask-json.ts'
import type { SourceDeps } from '../source.ts'

const scope = 'https://www.googleapis.com/auth/webmasters.readonly'
/** As long as Google allows; it is used for one fetch. */
const lifetimeSeconds = 3_600

const Granted = z.object({ access_token: z.string().min(1).max(8_192) })
const Refused = z.object({ error: z.string() })

/** What Google says when the consent, the client or the key is no good. */
const credentialErrors = new Set(['invalid_grant', 'invalid_client', 'unauthorized_client', 'access_denied', 'invalid_scope'])

/** A token for one fetch: by a signed statement of a service account, or by the consent that somebody gave. It is not kept. */
export async function accessToken(
  deps: Pick<SourceDeps, 'outbound' | 'urls' | 'userAgent' | 'clock'>,
  credentials: SourceCredentials<'search_console'>,
  signal: AbortSignal,
): Promise<{ ok: true; token: string } | AskFault> {
  const form = grantOf(credentials, deps.urls.GSC_TOKEN_URL, deps.clock.now())
  if (!form) return refused('The private key cannot be read.')
  const answered = await askJson(deps, deps.urls.GSC_TOKEN_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
    signal,
  })
  if (!answered.ok) return answered
  const { status, body, retryAt } = answered
  const granted = Granted.safeParse(body)
  if (status === 200 && granted.success) return { ok: true, token: granted.data.access_token }
  const error = Refused.safeParse(body).data?.error
  if (error !== undefined && credentialErrors.has(error)) return refused(`Google refused them (${error}).`)
  if (status === 429) return { ok: false, reason: 'quota', detail: 'Too many tokens were asked for.', retryAt }
  if (status === 200) return { ok: false, reason: 'bad_answer', detail: 'A token answer without a token.', retryAt }
  if (status === 400 || status === 401 || status === 403) return refused(`Google refused them (${status}).`)
  return { ok: false, reason: 'unavailable', detail: `The token endpoint answered ${status}.`, retryAt }
}

const refused = (detail: string): AskFault => ({ ok: false, reason: 'credentials', detail, retryAt: null })

/** Null: the key is none. */
function grantOf(credentials: SourceCredentials<'search_console'>, audience: string, now: Date): Record<string, string> | null {
  if (credentials.type === 'oauth')
    return {
      grant_type: 'refresh_token',
      client_id: credentials.clientId,
      client_secret: credentials.clientSecret,
      refresh_token: credentials.refreshToken,
    }
  const key = readKey(credentials.privateKey)
  if (!key) return null
  const iat = Math.floor(now.getTime() / 1_000)
  const claims = { iss: credentials.clientEmail, scope, aud: audience, iat, exp: iat + lifetimeSeconds }
  return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: signed(claims, key) }
}

function readKey(pem: string): KeyObject | null {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' ? key : null
  } catch {
    // OpenSSL has many words for it; all of them mean that it is not a private key.
    return null
  }
}

function signed(claims: object, key: KeyObject): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const statement = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`
  return `${statement}.${createSign('RSA-SHA256').update(statement).sign(key, 'base64url')}`
}
