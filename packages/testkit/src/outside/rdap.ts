import { createServer, type ServerResponse } from 'node:http'
import { close, listen } from '@tocsin/process/health'

/** A bootstrap service and the registry behind it, as RFC 9082 and 9083 describe them. */
export interface RdapServer {
  readonly url: string
  /** Paths that were asked for, in order. */
  readonly requests: readonly string[]
  /** What the registry knows from now on. */
  set(domain: string, registration: RdapRegistration | null): void
  /** The next answers of the registry; after them it is well again. */
  misbehave(...misbehaviours: RdapMisbehaviour[]): void
  close(): Promise<void>
}

export interface RdapRegistration {
  /** Null: the registry does not say, as some do not. */
  readonly expiresAt: string | null
  readonly status?: readonly string[]
}

/** `partial`: no events at all; `other`: an answer about another domain; `slow` sends headers and never the rest. */
export type RdapMisbehaviour =
  | 'quota'
  | 'forbidden'
  | 'server_error'
  | 'html'
  | 'garbage'
  | 'partial'
  | 'other'
  | 'endless'
  | 'nowhere'
  | 'slow'

export async function createRdapServer(): Promise<RdapServer> {
  const requests: string[] = []
  const known = new Map<string, RdapRegistration>()
  const queue: RdapMisbehaviour[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://rdap.invalid')
    requests.push(pathname)
    const [, place, name = ''] = /^(\/registry)?\/domain\/([^/]+)$/.exec(pathname) ?? []
    const domain = decodeURIComponent(name)
    if (place === undefined && domain !== '') {
      response.writeHead(302, { location: `/registry/domain/${domain}` }).end()
      return
    }
    const misbehaviour = queue.shift()
    if (misbehaviour) return spoilers[misbehaviour](response, domain)
    const registration = known.get(domain)
    if (!registration) return send(response, 404, { errorCode: 404, title: 'Not Found' })
    send(response, 200, answerOf(domain, registration))
  })
  await listen(server, 0, '127.0.0.1')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port.')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    set(domain, registration) {
      if (registration) known.set(domain, registration)
      else known.delete(domain)
    },
    misbehave: (...misbehaviours) => void queue.push(...misbehaviours),
    async close() {
      server.closeAllConnections()
      await close(server)
    },
  }
}

const answerOf = (domain: string, { expiresAt, status = ['active'] }: RdapRegistration) => ({
  objectClassName: 'domain',
  handle: '2336799_DOMAIN',
  ldhName: domain.toUpperCase(),
  status,
  events: [
    { eventAction: 'registration', eventDate: '1995-08-14T04:00:00Z' },
    ...(expiresAt === null ? [] : [{ eventAction: 'expiration', eventDate: expiresAt }]),
    { eventAction: 'last update of RDAP database', eventDate: '2026-01-01T00:00:00Z' },
  ],
  entities: [{ objectClassName: 'entity', roles: ['registrar'], vcardArray: ['vcard', [['version', {}, 'text', '4.0']]] }],
  rdapConformance: ['rdap_level_0'],
})

const spoilers = {
  quota: (response) => {
    response.setHeader('Retry-After', '120')
    send(response, 429, { errorCode: 429, title: 'Too Many Requests' })
  },
  forbidden: (response) => send(response, 403, { errorCode: 403, title: 'Forbidden' }),
  server_error: (response) => send(response, 502, {}),
  html: (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html><title>Maintenance</title>'),
  garbage: (response) => send(response, 200, { events: 'tomorrow', status: 7 }),
  partial: (response, domain) => send(response, 200, { objectClassName: 'domain', ldhName: domain }),
  other: (response) => send(response, 200, answerOf('other.example', { expiresAt: '2020-01-01T00:00:00Z' })),
  endless: (response, domain) => void response.writeHead(301, { location: `/registry/domain/${domain}` }).end(),
  nowhere: (response) => void response.writeHead(302, { location: 'mailto:hostmaster@registry.example' }).end(),
  slow: (response) => void response.writeHead(200, { 'content-type': 'application/rdap+json' }).write('{"objectClassName":'),
} as const satisfies Record<RdapMisbehaviour, (response: ServerResponse, domain: string) => void>

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/rdap+json' }).end(JSON.stringify(body))
}
