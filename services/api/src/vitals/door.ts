import { Refusal } from '@tocsin/contract/refusal'
import { BeaconKey, VitalsPost } from '@tocsin/contract/vitals'
import { type Request, type Response, Router } from 'express'
import { isNotModified } from '../http/etag.ts'
import { addressKey, type RateLimit } from '../http/rate-limit.ts'
import { createReportReader } from '../http/read-body.ts'
import { validReport } from '../http/validate.ts'
import { createBeaconScripts } from './beacon-script.ts'
import { isBot } from './bots.ts'
import type { VitalsBuffer } from './buffer.ts'
import type { KnownBeacon, KnownBeacons } from './known-beacons.ts'
import { mayReport } from './may-report.ts'
import { knownTemplate, pathTemplate } from './path-template.ts'

export interface VitalsDoorDeps {
  readonly beacons: KnownBeacons
  readonly buffer: VitalsBuffer
  /** Of an address, and of a site. */
  readonly limits: { readonly address: RateLimit; readonly site: RateLimit }
}

/** A full batch of long paths; a beacon may not be larger than 64 KiB anyway. */
const readReport = createReportReader(16 * 1024)
/** A new sample rate or an ended key is everywhere after this long. */
const scriptSeconds = 600
/** The smaller first. */
const encodings = ['br', 'gzip'] as const

/**
 * Where the pages of customers come in: a script for them, and what they measure. They are of other sites and nobody is signed in, so it
 * stands before the API's own door: it reads no cookie, and whatever it answers may be read by every page, for it tells nothing.
 */
export function createVitalsDoor(deps: VitalsDoorDeps): Router {
  const router = Router({ caseSensitive: true })
  const scriptOf = createBeaconScripts()
  router.use(['/v1/vitals', '/v1/vitals.js'], (_request, response, next) => {
    response.set({ 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' })
    next()
  })
  router.get('/v1/vitals.js', async (request, response) => {
    await deps.limits.address.count(response, addressKey(request.ip))
    const key = BeaconKey.safeParse(request.query['key'])
    const beacon = key.success ? await deps.beacons.ofKey(key.data) : null
    if (!beacon) throw new Refusal('not_found', 'This is no key of a beacon.')
    sendScript(request, response, scriptOf(beacon.sampleRate))
  })
  router.options('/v1/vitals', (_request, response) => {
    response.set({
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'Content-Type',
      'Access-Control-Max-Age': '86400',
    })
    response.status(204).end()
  })
  router.post('/v1/vitals', async (request, response) => {
    await take(deps, request, response)
    response.status(204).set('Cache-Control', 'no-store').end()
  })
  router.all(['/v1/vitals', '/v1/vitals.js'], (request, response) => {
    const allowed = request.path.endsWith('.js') ? 'GET, HEAD' : 'POST, OPTIONS'
    response.set('Allow', allowed)
    throw new Refusal('method_not_allowed', `${request.method} is not possible here, only ${allowed}.`)
  })
  return router
}

function sendScript(
  request: Request,
  response: Response,
  { etag, bodies }: ReturnType<ReturnType<typeof createBeaconScripts>>,
): void {
  response.set({ ETag: etag, 'Cache-Control': `public, max-age=${scriptSeconds}`, Vary: 'Accept-Encoding' })
  if (isNotModified(request, etag)) return void response.status(304).end()
  response.type('text/javascript')
  const encoding = encodings.find((each) => request.acceptsEncodings(each) !== false)
  if (encoding) response.set('Content-Encoding', encoding)
  response.send(bodies[encoding ?? 'identity'])
}

async function take(deps: VitalsDoorDeps, request: Request, response: Response): Promise<void> {
  await deps.limits.address.count(response, addressKey(request.ip))
  const post = validReport(VitalsPost, await readReport(request, response))
  // Told that all is well: there is nothing that a program should do about it.
  if (isBot(request.get('user-agent'))) return
  const beacon = await deps.beacons.ofKey(post.key)
  if (!beacon) throw new Refusal('not_found', 'This is no key of a beacon.')
  if (!mayReport(beacon, request.get('origin')))
    throw new Refusal('forbidden', 'Pages of this origin may not report for the site.')
  if (beacon.sampleRate === 0) return
  await deps.limits.site.count(response, beacon.siteId)
  if (!deps.buffer.add(measuredOf(beacon, post)))
    throw new Refusal('limit_reached', 'More is reported than can be written at this moment.', { retryAfterSeconds: 30 })
}

const measuredOf = ({ orgId, siteId, templates }: KnownBeacon, { form, entries }: VitalsPost) =>
  entries.map(({ metric, value, path }) => ({
    orgId,
    siteId,
    metric,
    form,
    value,
    template: knownTemplate(templates, pathTemplate(path)),
  }))
