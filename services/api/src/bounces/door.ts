import { timingSafeEqual } from 'node:crypto'
import { type Actor, system } from '@tocsin/contract/actor'
import { type Bounce, type BounceKind, type BounceResult, reportBounces, reportDsn } from '@tocsin/contract/api/bounces'
import type { OrgId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { noteDestinationBounced } from '@tocsin/domain/destinations/health'
import { principalOfApiKey } from '@tocsin/domain/members/authenticate'
import { allows } from '@tocsin/domain/members/members'
import { type Bounced, bouncedReceivers, noteBounce } from '@tocsin/domain/subscribers/bounces'
import type { Change } from '@tocsin/journal/change'
import type { Foundation } from '@tocsin/journal/foundation'
import express, { type Request, type Response, Router } from 'express'
import { addressKey, type RateLimit } from '../http/rate-limit.ts'
import { bodyBytesMax, refusing } from '../http/read-body.ts'
import { readDsn } from './dsn.ts'
import { readProvider } from './provider.ts'

export interface BounceDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'> {
  /** Of the installation; null: only API keys are good. */
  readonly secret: string | null
  /** Of requests without a good credential. */
  readonly limit: RateLimit
}

/** What came back is looked at up to here: beginnings say enough. */
const readMail = refusing(express.raw({ limit: bodyBytesMax, type: () => true }))
/** SNS says that its JSON is text. */
const readJson = refusing(express.json({ limit: bodyBytesMax, strict: false, type: () => true }))

/** Where mail servers and providers tell of mails that came back. They are no browsers and have their own ways of sending. */
export function createBounceDoor(deps: BounceDeps): Router {
  const router = Router({ caseSensitive: true })
  router.use('/v1/bounces', async (request, response, next) => {
    response.locals['reporter'] = await reporterOf(deps, request, response)
    next()
  })
  router.post(reportDsn.path, readMail, async (request, response) => {
    const bounces = Buffer.isBuffer(request.body) ? await readDsn(request.body) : []
    answer(response, await note(deps, response, bounces))
  })
  router.post(reportBounces.path, readJson, async (request, response) => {
    const confirmation = confirmationUrl(request.body)
    if (confirmation) deps.log.info({ url: confirmation }, 'SNS asks to be confirmed: open this address once.')
    const bounces = confirmation ? [] : readProvider(request.body)
    if (!bounces) throw new Refusal('invalid', 'The body is in no shape that we know.')
    answer(response, await note(deps, response, bounces))
  })
  router.all([reportDsn.path, reportBounces.path], (request, response) => {
    response.set('Allow', 'POST')
    throw new Refusal('method_not_allowed', `${request.method} is not possible here, only POST.`)
  })
  return router
}

function answer(response: Response, result: BounceResult): void {
  response.status(202).set('Cache-Control', 'no-store').json(result)
}

interface Reporter {
  readonly actor: Actor
  /** Null: of the whole installation. */
  readonly orgId: OrgId | null
}

async function reporterOf(deps: BounceDeps, request: Request, response: Response): Promise<Reporter> {
  const given = credentialOf(request)
  if (given !== null && deps.secret !== null && isSame(given, deps.secret)) return { actor: system('bounces'), orgId: null }
  const principal = given === null ? null : await principalOfApiKey(deps.db, given, deps.clock.now())
  if (principal && allows(principal.scope, 'admin')) return { actor: principal.actor, orgId: principal.orgId }
  await deps.limit.count(response, addressKey(request.ip))
  if (principal) throw new Refusal('forbidden', `This needs admin rights; yours are ${principal.scope}.`)
  throw new Refusal(
    'unauthenticated',
    'Send BOUNCE_SECRET or an API key, as a bearer token or as the password of Basic authentication.',
  )
}

/** Providers cannot set a header, but their URL may hold a password. */
function credentialOf(request: Request): string | null {
  const [, scheme, value = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(request.get('authorization') ?? '') ?? []
  if (scheme === undefined) return null
  if (scheme.toLowerCase() === 'bearer') return value
  const decoded = Buffer.from(value, 'base64').toString('utf8')
  return decoded.slice(decoded.indexOf(':') + 1)
}

function isSame(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)]
  return a.length === b.length && timingSafeEqual(a, b)
}

function confirmationUrl(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('Type' in body) || body.Type !== 'SubscriptionConfirmation') return null
  return 'SubscribeURL' in body && typeof body.SubscribeURL === 'string' ? body.SubscribeURL.slice(0, 2_000) : null
}

async function note(deps: BounceDeps, response: Response, bounces: readonly Bounce[]): Promise<BounceResult> {
  const { actor, orgId } = response.locals['reporter'] as Reporter // Set by this router before every route of it.
  let noted = 0
  for (const { kind, deliveryId = null, address = null } of bounces)
    for (const found of await bouncedReceivers(deps.db, { orgId, deliveryId, address }))
      noted += await deps.journal.change(found.orgId, actor, (change) => noteOne(change, found, kind))
  return { found: bounces.length, noted }
}

/** A destination is an org's own, of which it hears: only a mailbox that is not there ends it. */
async function noteOne(change: Change, { subscriberId, destinationId }: Bounced, kind: BounceKind): Promise<number> {
  if (destinationId === null) await noteBounce(change, { subscriberId, kind })
  else if (kind === 'hard') await noteDestinationBounced(change, { destinationId })
  else return 0
  return 1
}
