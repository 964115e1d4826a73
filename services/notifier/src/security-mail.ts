import type { Member } from '@tocsin/contract/api/orgs'
import { memberRoleChanged } from '@tocsin/contract/events/members'
import { UserId } from '@tocsin/contract/ids'
import {
  type SecurityEventType,
  type SecurityNotice,
  securityEventTypes,
  securityMessageType,
} from '@tocsin/contract/security-notice'
import { listApiKeys } from '@tocsin/domain/api-keys/api-keys'
import { type PlannedDelivery, planDeliveries } from '@tocsin/domain/deliveries/deliveries'
import { securityMailsSince } from '@tocsin/domain/deliveries/security.read'
import { listMembers } from '@tocsin/domain/members/members'
import type { Change } from '@tocsin/journal/change'
import type { DurableEvent } from '@tocsin/journal/read'
import { z } from 'zod'

/** Of one person and day (UTC): a program that makes keys in a loop must not fill a mailbox. What is beyond is a row that says so. */
const perDayMax = 50
/** Who is told of what concerns the whole org: those who have been there longest. */
const adminsMax = 50

interface Told {
  /** Of whom; null: whoever runs the org. */
  readonly userId: UserId | null
  readonly notice: Omit<SecurityNotice, 'event'>
}

/** Whoever is concerned is mailed, whatever they prefer and whenever it is. */
export async function planSecurityMail(change: Change, events: readonly DurableEvent[]): Promise<void> {
  const about = events.filter((event) => isAboutSecurity(event.type))
  if (about.length === 0) return
  const members = await listMembers(change.tx)
  const keys = new Map((await listApiKeys(change.tx)).map(({ id, name }) => [id as string, name]))
  const admins = members.filter(({ role }) => role === 'admin' || role === 'owner').slice(0, adminsMax)
  const day = new Date(`${change.now.toISOString().slice(0, 10)}T00:00:00Z`)
  const sent = new Map(await securityMailsSince(change.tx, day))
  const planned: PlannedDelivery[] = []
  for (const event of about) {
    const { userId, notice } = tell(event, { members, keys })
    const concerned = new Set([
      ...(userId ? [userId] : []),
      ...(userId && !alsoForAdmins(event) ? [] : admins.map((each) => each.userId)),
    ])
    const data: SecurityNotice = { event: event.type, ...notice }
    const message = { seq: event.seq, type: securityMessageType, at: event.at, data }
    for (const { userId: to } of members.filter((member) => concerned.has(member.userId))) {
      const count = (sent.get(to) ?? 0) + 1
      sent.set(to, count)
      const decision = count <= perDayMax ? securely : overTheLimit
      planned.push({ receiver: { userId: to }, message, ...decision })
    }
  }
  await planDeliveries(change, planned)
}

const securely = { state: 'pending', reason: 'security_notice' } as const
const overTheLimit = { state: 'suppressed', reason: 'over_daily_limit' } as const

const isAboutSecurity = (type: string): type is SecurityEventType => (securityEventTypes as readonly string[]).includes(type)
const alsoForAdmins = ({ type }: DurableEvent): boolean => type === memberRoleChanged.type

interface Names {
  readonly members: readonly Member[]
  readonly keys: ReadonlyMap<string, string>
}

function tell(event: DurableEvent, names: Names): Told {
  const facts = [
    { name: 'When', value: event.at },
    { name: 'By', value: nameOf(event.actor, names) },
  ]
  const type = event.type as SecurityEventType // Only these are let through to here.
  const { userId, title, more, action, path } = stories[type](event.data, names)
  return { userId, notice: { title, facts: [...more, ...facts], action, path } }
}

interface Story {
  readonly userId: UserId | null
  readonly title: string
  readonly more: SecurityNotice['facts']
  readonly action: string
  readonly path: string
}

const ownAccount = 'If that was not you, change your password at once: every other session of the account ends with it.'
const ofTheOrg = 'If nobody of you meant that, look who has access and revoke the keys that you do not know.'

/** No more of an event than is told: what was written before an update may lack what came with it. */
const reading =
  <Data>(shape: z.ZodType<Data>, story: (data: Data, names: Names) => Story) =>
  (data: unknown, names: Names): Story =>
    story(shape.parse(data), names)

const Account = z.object({ userId: UserId })
const AboutWebhook = z.object({ webhook: z.object({ url: z.string() }) })
const webhookFacts = ({ webhook }: z.infer<typeof AboutWebhook>) => [{ name: 'Endpoint', value: webhook.url }]

const stories: Record<SecurityEventType, (data: unknown, names: Names) => Story> = {
  'session.created': reading(Account, ({ userId }) => ({
    userId,
    title: 'Somebody signed in to your account',
    more: [],
    action: ownAccount,
    path: '/',
  })),
  'account.password_changed': reading(Account, ({ userId }) => ({
    userId,
    title: 'The password of your account was changed',
    more: [],
    action: 'If that was not you, ask whoever runs this installation for help at once.',
    path: '/',
  })),
  'member.role_changed': reading(
    Account.extend({ oldRole: z.string(), newRole: z.string() }),
    ({ userId, oldRole, newRole }, names) => ({
      userId,
      title: 'A member has another role',
      more: [
        { name: 'Member', value: nameOf({ kind: 'user', id: userId }, names) },
        { name: 'Role', value: `${newRole}, was ${oldRole}` },
      ],
      action: ofTheOrg,
      path: '/team',
    }),
  ),
  'api_key.created': reading(z.object({ name: z.string(), scope: z.string() }), ({ name, scope }) => ({
    userId: null,
    title: 'An API key was made',
    more: [
      { name: 'Key', value: name },
      { name: 'Scope', value: scope },
    ],
    action: ofTheOrg,
    path: '/api-keys',
  })),
  'api_key.revoked': reading(z.object({ apiKeyId: z.string() }), ({ apiKeyId }, names) => ({
    userId: null,
    title: 'An API key was revoked',
    more: [{ name: 'Key', value: names.keys.get(apiKeyId) ?? apiKeyId }],
    action: 'Whatever used it has no access any more.',
    path: '/api-keys',
  })),
  'webhook.secret_rotated': reading(AboutWebhook, (data) => ({
    userId: null,
    title: 'An endpoint has a new secret',
    more: webhookFacts(data),
    action: 'Its receiver has to know the new secret before the old one ends. If nobody of you meant that, rotate it again.',
    path: '/notifications',
  })),
  'endpoint.disabled': reading(AboutWebhook, (data) => ({
    userId: null,
    title: 'An endpoint was disabled',
    more: webhookFacts(data),
    action: 'It gets nothing more until somebody enables it; what it has missed can be sent again.',
    path: '/notifications',
  })),
}

function nameOf(actor: DurableEvent['actor'], { members, keys }: Names): string {
  if (actor.kind === 'system') return 'Tocsin'
  if (actor.kind === 'api_key') return `the API key "${keys.get(actor.id) ?? actor.id}"`
  const member = members.find(({ userId }) => userId === actor.id)
  return member ? `${member.name} (${member.email})` : actor.id
}
