import type { EndpointDefinition } from '@tocsin/contract/endpoint'
import { Refusal } from '@tocsin/contract/refusal'
import type { Log } from '@tocsin/process/log'
import express, { type Express, type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import { createCors } from './cors.ts'
import { createDashboard } from './dashboard.ts'
import { createReference } from './reference.ts'
import { createErrorHandler } from './refusals.ts'
import { createRequestLog } from './request-log.ts'
import type { Route } from './route.ts'

export interface AppOptions {
  /** For the pages of customers: before the API's own door, which would turn them away. */
  vitals: RequestHandler
  /** Of each org, for everybody. */
  statusPages: RequestHandler
  /** For mail servers and providers. */
  bounces: RequestHandler
  routes: readonly Route[]
  pipeline: (route: Route) => RequestHandler
  openApi: object
  dashboardDir: string | null
  /** Where we are reached; null: as whoever asks says. */
  publicUrl: URL | null
  streamUrl: string | null
  corsOrigins: ReadonlySet<string>
  trustProxy: number
  log: Log
}

/** From the outside in: who may frame and script us, which request this is, then the first that knows the path. */
export function createApp(options: AppOptions): Express {
  const app = express()
  app.disable('x-powered-by')
  app.set('etag', false)
  app.set('query parser', 'simple')
  app.set('case sensitive routing', true)
  app.set('trust proxy', options.trustProxy)
  app.use(createRequestLog(options.log))
  app.use(securityHeaders(options))
  app.use(options.vitals)
  app.use(options.bounces)
  app.use(options.statusPages)
  app.use(createCors(options.corsOrigins))
  app.use(routerOf(options.routes, options.pipeline))
  app.use(createReference(options.openApi))
  app.use(createDashboard(options.dashboardDir))
  app.use(() => {
    throw new Refusal('not_found', 'There is nothing here.')
  })
  app.use(createErrorHandler(options.log))
  return app
}

function routerOf(routes: readonly Route[], pipeline: AppOptions['pipeline']): Router {
  const router = Router({ caseSensitive: true })
  const methods = new Map<string, Set<string>>()
  for (const route of routes) {
    const path = expressPath(route.endpoint)
    router[route.endpoint.method](path, pipeline(route))
    methods.set(path, (methods.get(path) ?? new Set()).add(route.endpoint.method.toUpperCase()))
  }
  for (const [path, allowed] of methods)
    router.all(path, (request, response) => {
      const list = [...allowed, ...(allowed.has('GET') ? ['HEAD'] : [])].join(', ')
      response.set('Allow', list)
      throw new Refusal('method_not_allowed', `${request.method} is not possible here, only ${list}.`)
    })
  return router
}

/** `/v1/sites/{siteId}` → `/v1/sites/:siteId`. */
const expressPath = (endpoint: EndpointDefinition): string => endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1')

function securityHeaders(options: AppOptions): RequestHandler {
  const secure = options.publicUrl?.protocol === 'https:'
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // The reference's reader and chart libraries set styles on elements.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'", ...(options.streamUrl ? [new URL(options.streamUrl).origin] : [])],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    // Over plain http a browser would keep to https for a year, for every port of the host.
    strictTransportSecurity: secure ? { maxAge: 31_536_000 } : false,
  })
}
