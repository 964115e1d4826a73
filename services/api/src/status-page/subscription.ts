import { system } from '@tocsin/contract/actor'
import { IncidentImpact } from '@tocsin/contract/api/incidents'
import { ComponentId, type OrgId, type SubscriberId } from '@tocsin/contract/ids'
import { Refusal } from '@tocsin/contract/refusal'
import { isManageToken, subscriberOfToken } from '@tocsin/domain/subscribers/links'
import type { Reach } from '@tocsin/domain/subscribers/new-subscriber'
import { confirmSubscriber, leave, setWishes, subscribe } from '@tocsin/domain/subscribers/subscribers'
import { getSubscriber, orgOfSubscriber, signingSecret } from '@tocsin/domain/subscribers/subscribers.read'
import type { Foundation } from '@tocsin/journal/foundation'
import type { SecretBox } from '@tocsin/process/secret-box'
import { html } from '@tocsin/templates/markup'
import express, { type Request, type Response, type Router } from 'express'
import { z } from 'zod'
import { addressKey, type RateLimit } from '../http/rate-limit.ts'
import { refusing } from '../http/read-body.ts'
import type { TargetGuard } from '../http/target-guard.ts'
import { buttonPage, managePage, notice, pauseDays } from './forms.ts'
import { readPage, readPageOfOrg } from './view.ts'

export interface SubscriptionDeps extends Pick<Foundation, 'db' | 'journal' | 'clock' | 'log'> {
  readonly ownOrigin: string | null
  readonly subscriberBox: SecretBox
  /** Seal what the channels of these will open. */
  readonly webhookBox: SecretBox
  readonly destinationBox: SecretBox
  readonly guardTarget: TargetGuard
  /** Forms from one network address, and for one receiver. */
  readonly subscribeLimits: { readonly address: RateLimit; readonly receiver: RateLimit }
}

/** A form with two hundred ticks; a mail program's one line. */
const formBytesMax = 16 * 1024
const readForm = refusing(express.urlencoded({ extended: false, limit: formBytesMax, parameterLimit: 300 }))
/** One-click comes as multipart or urlencoded. What it says is known from the address: it is read so that the connection can go on. */
const readAnything = refusing(express.raw({ limit: formBytesMax, type: () => true }))

const actor = system('status-page')

export function subscriptionRoutes(router: Router, deps: SubscriptionDeps): void {
  router.use('/s/-', (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex' })
    next()
  })
  router.post('/s/:slug/subscribe', readForm, (request, response) => answerSubscribe(deps, request, response))
  router.get('/s/-/confirm/:token', (request, response) => {
    if (!subscriberOfToken(tokenOf(request))) throw badLink()
    response.type('html').send(buttonPage('Confirm your subscription', ['Press the button to get messages.'], 'Confirm'))
  })
  router.post('/s/-/confirm/:token', readAnything, (request, response) => answerConfirm(deps, request, response))
  router.get('/s/-/manage/:token', (request, response) => answerManage(deps, request, response, { saved: false }))
  router.post('/s/-/manage/:token', readForm, (request, response) => answerWishes(deps, request, response))
  router.get('/s/-/unsubscribe/:token', (request, response) => {
    if (!isManageToken(deps.subscriberBox, tokenOf(request))) throw badLink()
    response.type('html').send(buttonPage('Unsubscribe', ['Press the button to get nothing more.'], 'Unsubscribe'))
  })
  router.post('/s/-/unsubscribe/:token', readAnything, (request, response) => answerLeave(deps, request, response))
}

const ids = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(ComponentId).max(200))
const SubscribeForm = z.object({
  kind: z.enum(['email', 'webhook', 'slack']).default('email'),
  address: z.string().trim().toLowerCase().pipe(z.email().max(254)).optional(),
  url: z
    .string()
    .trim()
    .pipe(z.url({ protocol: /^https?$/ }).max(2048))
    // As it will be asked for: what the database cannot keep is escaped by then.
    .transform((url) => new URL(url).href)
    .optional(),
  component: ids,
})

/** The same answer whether the address is new, known or has left: only its owner learns which. */
async function answerSubscribe(deps: SubscriptionDeps, request: Request, response: Response): Promise<void> {
  await deps.subscribeLimits.address.count(response, addressKey(request.ip))
  const parsed = SubscribeForm.safeParse(request.body ?? {})
  const reach = parsed.success ? await reachOf(deps, parsed.data) : null
  if (!parsed.success || !reach) throw new Refusal('invalid', 'This is no address that a message could be sent to.')
  await deps.subscribeLimits.receiver.count(response, receiverKey(reach))
  const view = await readPage(deps, String(request.params['slug']))
  if (!view) throw new Refusal('not_found', 'There is no such status page.')
  const known = new Set(view.components.map(({ id }) => id))
  const chosen = parsed.data.component.filter((id) => known.has(id))
  await deps.journal.change(view.orgId, actor, (change) =>
    subscribe(change, {
      statusPageId: view.page.id,
      reach,
      componentIds: chosen.length === 0 ? null : chosen,
      minimumImpact: 'none',
      source: 'page',
      box: deps.subscriberBox,
    }),
  )
  const title = reach.kind === 'email' ? 'Look into your inbox' : 'Look at what arrives there'
  const back = html`<p><a href="/s/${view.page.slug}">Back to the page</a></p>`
  response.set('Cache-Control', 'no-store').type('html')
  response.send(
    notice(title, ['A message with a link is on its way. Open the link to go on; until then nothing else is sent.'], back),
  )
}

/** Who would be bothered: a mailbox has an address for each word after a plus, a server one for each path. */
const receiverKey = (reach: Reach): string =>
  reach.kind === 'email' ? reach.address.replace(/\+[^@]*/, '') : new URL(reach.url).host

async function reachOf(
  { webhookBox, destinationBox, guardTarget }: SubscriptionDeps,
  { kind, address, url }: z.infer<typeof SubscribeForm>,
): Promise<Reach | null> {
  if (kind === 'email') return address === undefined ? null : { kind, address }
  if (url === undefined) return null
  await guardTarget(url)
  return kind === 'webhook' ? { kind, url, webhookBox } : { kind, url, destinationBox }
}

async function answerConfirm(deps: SubscriptionDeps, request: Request, response: Response): Promise<void> {
  const token = tokenOf(request)
  const { orgId } = await subjectOf(deps, subscriberOfToken(token))
  const subscriber = await deps.journal.change(orgId, actor, (change) => confirmSubscriber(change, { token }))
  if (!subscriber) throw badLink()
  const view = await readPageOfOrg(deps, orgId, subscriber.statusPageId)
  const words = [`You hear from ${view.page.name} from now on. Every message says how to change or end that.`]
  const secret = await deps.journal.read(orgId, (sql) => signingSecret(sql, subscriber.id, deps.webhookBox))
  const back = html`<p><a href="/s/${view.page.slug}">Back to the page</a></p>`
  const more =
    secret === null
      ? back
      : html`<p>Requests are signed with this secret, as Standard Webhooks says. It is shown only here:</p><pre>${secret}</pre>${back}`
  response.type('html').send(notice('You are subscribed', words, more))
}

async function answerManage(
  deps: SubscriptionDeps,
  request: Request,
  response: Response,
  { saved }: { saved: boolean },
): Promise<void> {
  const { orgId, subscriberId, token } = await managed(deps, request)
  const subscriber = await deps.journal.read(orgId, (sql) => getSubscriber(sql, subscriberId))
  const view = await readPageOfOrg(deps, orgId, subscriber.statusPageId)
  response.type('html').send(managePage({ view, subscriber, token, now: deps.clock.now(), saved }))
}

const WishesForm = z.object({
  impact: IncidentImpact,
  pause: z.enum(['keep', '0', ...pauseDays.map(String)]),
  component: ids,
})

async function answerWishes(deps: SubscriptionDeps, request: Request, response: Response): Promise<void> {
  const { orgId, subscriberId } = await managed(deps, request)
  const form = WishesForm.safeParse(request.body ?? {})
  if (!form.success) throw new Refusal('invalid', 'The form cannot be read.')
  const { impact, pause, component } = form.data
  await deps.journal.change(orgId, actor, async (change) => {
    const before = await getSubscriber(change.tx, subscriberId)
    const kept = before.pausedUntil === null ? null : new Date(before.pausedUntil)
    const until = Number(pause) > 0 ? new Date(change.now.getTime() + Number(pause) * 86_400_000) : null
    await setWishes(change, {
      subscriberId,
      minimumImpact: impact,
      pausedUntil: pause === 'keep' ? kept : until,
      componentIds: component.length === 0 ? null : component,
    })
  })
  await answerManage(deps, request, response, { saved: true })
}

/** RFC 8058: no cookie is asked for, nothing is redirected; whoever has left or is forgotten is told the same. */
async function answerLeave(deps: SubscriptionDeps, request: Request, response: Response): Promise<void> {
  if (!isManageToken(deps.subscriberBox, tokenOf(request))) throw badLink()
  const subscriberId = subscriberOfToken(tokenOf(request))
  const orgId = subscriberId && (await orgOfSubscriber(deps.db, subscriberId))
  if (subscriberId && orgId)
    await deps.journal.change(orgId, actor, (change) => leave(change, { subscriberId, reason: 'by_themselves' }))
  response
    .status(200)
    .type('html')
    .send(notice('You have left', ['You get nothing more from this page.']))
}

const tokenOf = (request: Request): string => String(request.params['token'])
const badLink = () => new Refusal('not_found', 'This link is not good, or not good any more.')

async function managed(deps: SubscriptionDeps, request: Request) {
  const token = tokenOf(request)
  if (!isManageToken(deps.subscriberBox, token)) throw badLink()
  return { token, ...(await subjectOf(deps, subscriberOfToken(token))) }
}

async function subjectOf(
  { db }: SubscriptionDeps,
  subscriberId: SubscriberId | null,
): Promise<{ orgId: OrgId; subscriberId: SubscriberId }> {
  const orgId = subscriberId && (await orgOfSubscriber(db, subscriberId))
  if (!subscriberId || !orgId) throw badLink()
  return { orgId, subscriberId }
}
