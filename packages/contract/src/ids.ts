import { z } from 'zod'

/** What each prefix stands for. An id is its prefix, an underscore and 24 characters of Crockford's base 32 (120 random bits). */
export const idPrefixes = {
  org: 'org',
  user: 'usr',
  apiKey: 'key',
  invitation: 'inv',
  site: 'site',
  scan: 'scan',
  execution: 'exe',
  threat: 'thr',
  webhook: 'whk',
  destination: 'dst',
  source: 'src',
  delivery: 'dlv',
  keyword: 'kw',
  competitor: 'cmp',
  rankingList: 'rkl',
  backlink: 'blk',
  backlinkList: 'bll',
  alertRule: 'rul',
  alert: 'alr',
  alertNotice: 'ntc',
  alertDecision: 'dec',
  silence: 'sil',
  notification: 'ntf',
  component: 'cpt',
  componentGroup: 'cgr',
  incident: 'inc',
  incidentUpdate: 'upd',
  maintenance: 'mnt',
  statusPage: 'stp',
  subscriber: 'sub',
  request: 'req',
  connection: 'con',
} as const

type Prefixes = typeof idPrefixes
export type IdOf<Kind extends keyof Prefixes> = `${Prefixes[Kind]}_${string}`
export type OrgId = IdOf<'org'>
export type UserId = IdOf<'user'>
export type ApiKeyId = IdOf<'apiKey'>
export type InvitationId = IdOf<'invitation'>
export type SiteId = IdOf<'site'>
export type ScanId = IdOf<'scan'>
export type ExecutionId = IdOf<'execution'>
export type ThreatId = IdOf<'threat'>
export type WebhookId = IdOf<'webhook'>
export type DestinationId = IdOf<'destination'>
export type SourceId = IdOf<'source'>
export type DeliveryId = IdOf<'delivery'>
export type KeywordId = IdOf<'keyword'>
export type CompetitorId = IdOf<'competitor'>
export type RankingListId = IdOf<'rankingList'>
export type BacklinkId = IdOf<'backlink'>
export type BacklinkListId = IdOf<'backlinkList'>
export type AlertRuleId = IdOf<'alertRule'>
export type AlertId = IdOf<'alert'>
export type AlertNoticeId = IdOf<'alertNotice'>
export type AlertDecisionId = IdOf<'alertDecision'>
export type SilenceId = IdOf<'silence'>
export type NotificationId = IdOf<'notification'>
export type ComponentId = IdOf<'component'>
export type ComponentGroupId = IdOf<'componentGroup'>
export type IncidentId = IdOf<'incident'>
export type IncidentUpdateId = IdOf<'incidentUpdate'>
export type MaintenanceId = IdOf<'maintenance'>
export type StatusPageId = IdOf<'statusPage'>
export type SubscriberId = IdOf<'subscriber'>

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const randomLength = 24

export function newId<Kind extends keyof Prefixes>(kind: Kind): IdOf<Kind> {
  const bytes = crypto.getRandomValues(new Uint8Array(randomLength))
  const random = Array.from(bytes, (byte) => alphabet[byte & 31]).join('')
  return `${idPrefixes[kind]}_${random}`
}

/** A string that can only be an id of this kind; whether such a row exists is another question. */
export function idSchema<Kind extends keyof Prefixes>(kind: Kind) {
  const schema = z
    .string()
    .regex(
      new RegExp(`^${idPrefixes[kind]}_[${alphabet}]{${randomLength}}$`),
      `Must be an id that starts with "${idPrefixes[kind]}_".`,
    )
    .meta({ example: `${idPrefixes[kind]}_0123456789abcdefghjkmnpq` })
  // The pattern just checked is what the template literal type says.
  return schema as unknown as z.ZodType<IdOf<Kind>, string>
}

export const OrgId = idSchema('org')
export const UserId = idSchema('user')
export const ApiKeyId = idSchema('apiKey')
export const InvitationId = idSchema('invitation')
export const SiteId = idSchema('site')
export const ScanId = idSchema('scan')
export const ExecutionId = idSchema('execution')
export const ThreatId = idSchema('threat')
export const WebhookId = idSchema('webhook')
export const DestinationId = idSchema('destination')
export const SourceId = idSchema('source')
export const DeliveryId = idSchema('delivery')
export const KeywordId = idSchema('keyword')
export const CompetitorId = idSchema('competitor')
export const RankingListId = idSchema('rankingList')
export const BacklinkId = idSchema('backlink')
export const BacklinkListId = idSchema('backlinkList')
export const AlertRuleId = idSchema('alertRule')
export const AlertId = idSchema('alert')
export const AlertNoticeId = idSchema('alertNotice')
export const AlertDecisionId = idSchema('alertDecision')
export const SilenceId = idSchema('silence')
export const NotificationId = idSchema('notification')
export const ComponentId = idSchema('component')
export const ComponentGroupId = idSchema('componentGroup')
export const IncidentId = idSchema('incident')
export const IncidentUpdateId = idSchema('incidentUpdate')
export const MaintenanceId = idSchema('maintenance')
export const StatusPageId = idSchema('statusPage')
export const SubscriberId = idSchema('subscriber')
