import { createHash } from 'node:crypto'
import { Refusal } from '@tocsin/contract/refusal'
import { html } from '@tocsin/templates/markup'
import { type ErrorRequestHandler, type Request, type Response, Router } from 'express'
import { originAsked } from '../http/cross-site.ts'
import { isNotModified } from '../http/etag.ts'
import { problemOf } from '../http/refusals.ts'
import { atomFeed, rssFeed } from './feeds.ts'
import { notice } from './forms.ts'
import { setHeaders } from './layout.ts'
import { statusPage } from './page.ts'
import { type SubscriptionDeps, subscriptionRoutes } from './subscription.ts'
import { type PageView, readPage } from './view.ts'

/** A proxy in front of us may spare us a crowd for a second; a browser asks every time, and mostly hears that nothing has changed. */
const cacheControl = 'public, max-age=0, s-maxage=1, stale-if-error=300'

/** The public page of each org: no script, no cookie, nobody signed in. Before the API's own door, for it answers pages and takes forms. */
export function createStatusPageDoor(deps: SubscriptionDeps): Router {
  const router = Router({ caseSensitive: true })
  router.use('/s', (_request, response, next) => {
    setHeaders(response)
    next()
  })
  const readTogether = together((slug: string) => readPage(deps, slug))
  const show =
    (type: string, make: (view: PageView, origin: string) => string) =>
    async (request: Request, response: Response): Promise<void> => {
      const slug = String(request.params['slug'])
      const view = await readTogether(slug)
      if (!view) throw new Refusal('not_found', 'There is no such status page.')
      const body = make(view, deps.ownOrigin ?? originAsked(request))
      const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
      response.set({ ETag: etag, 'Cache-Control': cacheControl })
      if (isNotModified(request, etag)) return void response.status(304).end()
      response.type(type).send(body)
    }
  router.get('/s/:slug', show('html', statusPage))
  router.get('/s/:slug/feed.atom', show('application/atom+xml', atomFeed))
  router.get('/s/:slug/feed.rss', show('application/rss+xml', rssFeed))
  subscriptionRoutes(router, deps)
  router.use('/s', () => {
    throw new Refusal('not_found', 'There is nothing here.')
  })
  router.use('/s', createErrorPage(deps))
  return router
}

/** Whoever asks while the same is being read gets what the first one gets: a crowd costs one query at a time. */
function together<Key, Result>(read: (key: Key) => Promise<Result>): (key: Key) => Promise<Result> {
  const underWay = new Map<Key, Promise<Result>>()
  return (key) => {
    const known = underWay.get(key)
    if (known) return known
    const reading = read(key).finally(() => underWay.delete(key))
    underWay.set(key, reading)
    return reading
  }
}

/** People look at these pages, so what went wrong is told as a page. */
function createErrorPage({ log }: SubscriptionDeps): ErrorRequestHandler {
  return (error: unknown, request, response, _next) => {
    const { problem, retryAfterSeconds, fault } = problemOf(error, typeof request.id === 'string' ? request.id : '')
    if (fault) log.error({ err: error, requestId: problem.requestId }, 'A request of a status page failed.')
    if (response.headersSent) return void response.destroy()
    if (retryAfterSeconds !== null) response.set('Retry-After', String(retryAfterSeconds))
    const words = [problem.detail ?? problem.title, ...problem.errors.map(({ message }) => message)]
    response
      .status(problem.status)
      .set('Cache-Control', 'no-store')
      .type('html')
      .send(notice(problem.title, [...new Set(words)], html``))
  }
}
