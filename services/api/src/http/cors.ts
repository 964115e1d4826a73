import type { RequestHandler } from 'express'

const methods = 'GET, POST, PATCH, DELETE'
const requestHeaders = 'Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, Tocsin-Org'
const answerHeaders =
  'ETag, Idempotency-Replayed, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, X-Request-Id'

/** Pages of listed sites may call with an API key of their own. Credentials are not allowed: no cookie of ours crosses sites. */
export function createCors(origins: ReadonlySet<string>): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers
    response.vary('Origin')
    const allowed = origin !== undefined && origins.has(origin)
    if (allowed) response.set({ 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': answerHeaders })
    if (request.method !== 'OPTIONS' || request.get('access-control-request-method') === undefined) return next()
    if (allowed)
      response.set({
        'Access-Control-Allow-Methods': methods,
        'Access-Control-Allow-Headers': requestHeaders,
        'Access-Control-Max-Age': '600',
      })
    response.status(204).end()
  }
}
