import type { IncomingMessage, ServerResponse } from 'node:http'
import { newId } from '@tocsin/contract/ids'
import type { Log } from '@tocsin/process/log'
import { pinoHttp } from 'pino-http'

/** One line per request: no header, no body and no query, for those are where secrets are; of a subscriber's link only whose it is. */
export function createRequestLog(log: Log) {
  return pinoHttp({
    logger: log,
    genReqId: (_request: IncomingMessage, response: ServerResponse) => {
      const requestId = newId('request')
      response.setHeader('X-Request-Id', requestId)
      return requestId
    },
    customAttributeKeys: { reqId: 'requestId' },
    quietReqLogger: true,
    serializers: {
      req: (request: { method: string; url: string }) => ({ method: request.method, path: loggedPath(request.url) }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
    customProps: (_request, response) => ({ orgId: orgIdOf(response) }),
    customLogLevel: (_request, response, error) => (error || response.statusCode >= 500 ? 'error' : 'info'),
  })
}

/** Whoever reads the log must not be able to confirm, change or end a subscription: what follows the id is a key. */
export const loggedPath = (url: string): string =>
  (url.split('?')[0] ?? '').replace(/(\/s\/-\/\w+\/)(sub_\w+)?.*/, (_, path: string, id: string = '') => path + id)

/** Left on the response by the pipeline once it knows whose request it is. */
function orgIdOf(response: ServerResponse): unknown {
  return 'locals' in response && typeof response.locals === 'object' && response.locals !== null && 'orgId' in response.locals
    ? response.locals.orgId
    : undefined
}
