import type { StreamRequest } from './access.ts'

/** A page's own origin needs no permission; listed ones may also send the visitor's cookie. */
export function corsHeaders(request: StreamRequest, origins: ReadonlySet<string>): Record<string, string> {
  const { origin } = request.headers
  if (origin === undefined || !origins.has(origin)) return { vary: 'Origin' }
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': 'Retry-After, X-Request-Id',
  }
}

/** The answer to a browser that asks first because of the Authorization header. */
export function preflightHeaders(request: StreamRequest, origins: ReadonlySet<string>): Record<string, string> {
  const headers = corsHeaders(request, origins)
  if (!('access-control-allow-origin' in headers)) return headers
  return {
    ...headers,
    'access-control-allow-methods': 'GET',
    'access-control-allow-headers': 'Authorization, Last-Event-ID, Cache-Control',
    'access-control-max-age': '600',
  }
}
