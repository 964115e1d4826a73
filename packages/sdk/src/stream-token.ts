/** What `POST /v1/realtime/token` answers, or just the token (an API key does as well). */
export type StreamToken = string | { token: string; streamUrl?: string }

export interface TokenSource {
  /** The token in hand, or a fresh one when that is about to end. */
  current(): Promise<{ token: string; streamUrl: string | null }>
  /** The one in hand is no longer good. */
  forget(): void
}

/** A token with less left than this is renewed before it is used: the stream would end right after it began. */
const leftSecondsMin = 90

export function createTokenSource(ask: () => Promise<StreamToken>): TokenSource {
  let held: { token: string; streamUrl: string | null; expiresAtSeconds: number | null } | null = null
  return {
    async current() {
      const nowSeconds = Date.now() / 1000
      if (held && (held.expiresAtSeconds === null || held.expiresAtSeconds - nowSeconds > leftSecondsMin)) return held
      const answer = await ask()
      const { token, streamUrl = null } = typeof answer === 'string' ? { token: answer } : answer
      held = { token, streamUrl, expiresAtSeconds: expiryOf(token) }
      return held
    },
    forget() {
      held = null
    },
  }
}

/** The `exp` of a JWT, in Unix seconds; null for a token that is opaque to us. Not verified: that is the server's business. */
function expiryOf(token: string): number | null {
  const [, payload] = token.split('.')
  if (!payload) return null
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const exp = typeof claims === 'object' && claims !== null && 'exp' in claims ? claims.exp : null
    return typeof exp === 'number' ? exp : null
  } catch {
    return null // Two dots do not make a JWT.
  }
}
