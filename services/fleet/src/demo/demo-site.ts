import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { type Clock, wallClock } from '@tocsin/process/clock'
import { close, listen } from '@tocsin/process/health'
import { answerTo } from './demo-answer.ts'
import type { CertificateFault, DemoCertificates } from './demo-certificates.ts'
import { type Broken, demoSwitches, pageOf, type SwitchName, switchNames } from './demo-switches.ts'

export type DemoSwitch = { name: SwitchName; doc: string; on: boolean }
export type DemoRequest = { method: string; url: string; userAgent: string }

export interface DemoSite {
  readonly url: string
  readonly https: { readonly url: string; readonly ca: string } | null
  switches(): DemoSwitch[]
  /** `at`: another page than the one the switch is made for. */
  flip(name: SwitchName, on: boolean, at?: string): void
  /** The latest, oldest first. */
  requests(): readonly DemoRequest[]
  close(): Promise<void>
}

const requestsKeptMax = 10_000

/** A real small web site on loopback that can be broken while it runs. */
export async function createDemoSite(
  options: { port?: number; https?: { port?: number }; clock?: Clock; slowMs?: number } = {},
): Promise<DemoSite> {
  const broken = new Map<SwitchName, string>()
  const requests: DemoRequest[] = []
  const closing = new AbortController()
  const { clock = wallClock, slowMs = 3_000 } = options

  const serve = (scheme: 'http' | 'https') => (request: IncomingMessage, response: ServerResponse) => {
    const origin = `${scheme}://${request.headers.host ?? '127.0.0.1'}`
    requests.push({
      method: request.method ?? '',
      url: `${origin}${request.url ?? '/'}`,
      userAgent: request.headers['user-agent'] ?? '',
    })
    if (requests.length > requestsKeptMax) requests.shift()
    const answer = () => respond(request, response, { origin, broken })
    if (!broken.has('slow')) return answer()
    void clock.sleep(slowMs, closing.signal).then(answer)
  }

  const http = createServer(serve('http'))
  await listen(http, options.port ?? 0, '127.0.0.1')
  const secure = options.https ? await startHttps(serve('https'), options.https.port ?? 0, clock) : null
  return {
    url: `http://127.0.0.1:${portOf(http)}/`,
    https: secure && { url: `https://127.0.0.1:${portOf(secure.server)}/`, ca: secure.certificates.ca },
    switches: () => switchNames.map((name) => ({ name, doc: demoSwitches[name].doc, on: broken.has(name) })),
    flip(name, on, at) {
      if (on) broken.set(name, at ?? pageOf(name))
      else broken.delete(name)
      if (secure) showCertificate(secure, broken)
    },
    requests: () => [...requests],
    async close() {
      closing.abort()
      for (const server of [http, secure?.server]) {
        server?.closeAllConnections()
        await close(server ?? null)
      }
    },
  }
}

function respond(request: IncomingMessage, response: ServerResponse, site: { origin: string; broken: Broken }): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const { status, headers, body } = answerTo({
    ...site,
    path: request.url ?? '/',
    userAgent: request.headers['user-agent'] ?? '',
  })
  response
    .writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
    .end(request.method === 'HEAD' ? undefined : body)
}

type Secure = { server: ReturnType<typeof createHttpsServer>; certificates: DemoCertificates }

async function startHttps(
  serve: (request: IncomingMessage, response: ServerResponse) => void,
  port: number,
  clock: Clock,
): Promise<Secure> {
  // Only who asks for https pays for the certificate library (0.15 s).
  const { createDemoCertificates } = await import('./demo-certificates.ts')
  const certificates = await createDemoCertificates(clock.now())
  const server = createHttpsServer(certificates.healthy, serve)
  await listen(server, port, '127.0.0.1')
  return { server, certificates }
}

function showCertificate({ server, certificates }: Secure, broken: Broken): void {
  const fault = [...broken.keys()].find(isCertificateFault)
  server.setSecureContext(fault ? certificates.faulty[fault] : certificates.healthy)
  server.closeAllConnections() // One that is open would go on with the certificate it has seen.
}

function isCertificateFault(name: SwitchName): name is CertificateFault {
  return name.startsWith('certificate_')
}

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the demo site does not listen on a port')
  return address.port
}
