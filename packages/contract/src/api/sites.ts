import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { SiteId } from '../ids.ts'
import { ThreatType } from '../rule.ts'

/** Hours between scheduled scans. */
export const ScanInterval = z.union([z.literal(4), z.literal(6), z.literal(12), z.literal(24)])

/** When a finding is looked at again before it counts, and when a repair is before it is believed. */
export const Confirmation = z
  .strictObject({
    firstSeconds: z.number().int().min(1).max(3600).default(60).meta({ description: 'The second look at a new finding.' }),
    secondSeconds: z
      .number()
      .int()
      .min(1)
      .max(7200)
      .default(600)
      .meta({ description: 'The third look, if the first two disagree.' }),
    resolveSeconds: z.number().int().min(1).max(86_400).default(600).meta({ description: 'The second look at a repair.' }),
  })
  .meta({ id: 'Confirmation' })
export type Confirmation = z.infer<typeof Confirmation>

export const ThreatSummary = z
  .object({
    critical: z.number().int().nonnegative(),
    high: z.number().int().nonnegative(),
    medium: z.number().int().nonnegative(),
    low: z.number().int().nonnegative(),
  })
  .meta({ id: 'ThreatSummary', description: 'Open threats (active or acknowledged) by severity.' })
export type ThreatSummary = z.infer<typeof ThreatSummary>

export const Score = z.number().int().min(0).max(100)

export const SiteHealth = z.object({ score: Score, byType: z.record(ThreatType, Score) }).meta({
  id: 'SiteHealth',
  description: '0–100 from the open threats by severity and importance, as a whole and for each type. 100: nothing is open.',
})
export type SiteHealth = z.infer<typeof SiteHealth>

export const HealthHistory = z
  .object({
    siteId: SiteId,
    health: SiteHealth,
    data: z.array(z.object({ at: Timestamp, score: Score, byType: z.record(ThreatType, Score) })).meta({
      description: 'The last score of each hour in which it changed, oldest first; the first is how it was at the beginning.',
    }),
    asOf: z.number().int().nonnegative(),
  })
  .meta({ id: 'HealthHistory' })
export type HealthHistory = z.infer<typeof HealthHistory>

export const Site = z
  .object({
    id: SiteId,
    name: z.string(),
    url: z.url(),
    scanIntervalHours: ScanInterval,
    pageBudget: z.number().int(),
    connections: z.number().int(),
    confirmation: Confirmation,
    tags: z.array(z.string()).meta({ description: 'What alert rules may pick it by.' }),
    pausedAt: Timestamp.nullable(),
    nextScanAt: Timestamp.nullable().meta({ description: 'Null while paused.' }),
    baselineAt: Timestamp.nullable().meta({ description: 'When the first complete scan set the baseline.' }),
    threats: ThreatSummary,
    health: SiteHealth,
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Site' })
export type Site = z.infer<typeof Site>

const settings = {
  name: z.string().trim().min(1).max(120),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2048)
    .meta({ description: 'Where the crawl starts. http or https, without credentials.', example: 'https://example.com/' }),
  scanIntervalHours: ScanInterval,
  pageBudget: z.number().int().min(1).max(10_000).meta({ description: 'Pages one scan looks at, at most.' }),
  connections: z.number().int().min(1).max(10).meta({ description: 'Connections the crawler opens to a host at once.' }),
  confirmation: Confirmation,
  tags: z.array(z.string().trim().min(1).max(50)).max(20),
}

export const SiteInput = z
  .strictObject({
    url: settings.url,
    name: settings.name.optional().meta({ description: 'The host of the URL if absent.' }),
    scanIntervalHours: settings.scanIntervalHours.default(6),
    pageBudget: settings.pageBudget.default(500),
    connections: settings.connections.default(2),
    confirmation: settings.confirmation.prefault({}),
    tags: settings.tags.optional(),
  })
  .meta({ id: 'SiteInput' })
export type SiteInput = z.infer<typeof SiteInput>

/** The URL of a site does not change: another URL is another site. */
export const SiteChanges = z
  .strictObject({
    name: settings.name.optional(),
    scanIntervalHours: settings.scanIntervalHours.optional(),
    pageBudget: settings.pageBudget.optional(),
    connections: settings.connections.optional(),
    confirmation: settings.confirmation.optional(),
    tags: settings.tags.optional(),
  })
  .meta({ id: 'SiteChanges' })
export type SiteChanges = z.infer<typeof SiteChanges>

const params = z.strictObject({ siteId: SiteId })

export const listSites = defineEndpoint('listSites', {
  method: 'get',
  path: '/v1/sites',
  doc: 'The sites of the org, newest first.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(Site),
})
export const createSite = defineEndpoint('createSite', {
  method: 'post',
  path: '/v1/sites',
  doc: 'Start to watch a site. Its first scan is due at once.',
  needs: 'write',
  body: SiteInput,
  answer: Site,
})
export const getSite = defineEndpoint('getSite', {
  method: 'get',
  path: '/v1/sites/{siteId}',
  doc: 'One site.',
  needs: 'read',
  params,
  answer: Site,
})
export const getSiteHealth = defineEndpoint('getSiteHealth', {
  method: 'get',
  path: '/v1/sites/{siteId}/health',
  doc: 'The health score of a site, now and over time.',
  needs: 'read',
  params,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(400).default(30) }),
  answer: HealthHistory,
})
export const updateSite = defineEndpoint('updateSite', {
  method: 'patch',
  path: '/v1/sites/{siteId}',
  doc: 'Change the settings of a site. If-Match is honoured.',
  needs: 'write',
  params,
  body: SiteChanges,
  answer: Site,
})
export const pauseSite = defineEndpoint('pauseSite', {
  method: 'post',
  path: '/v1/sites/{siteId}/pause',
  doc: 'Stop scheduled scans until the site is resumed. Pausing twice is no error.',
  needs: 'write',
  params,
  status: 200,
  answer: Site,
})
export const resumeSite = defineEndpoint('resumeSite', {
  method: 'post',
  path: '/v1/sites/{siteId}/resume',
  doc: 'Scan on schedule again.',
  needs: 'write',
  params,
  status: 200,
  answer: Site,
})
export const deleteSite = defineEndpoint('deleteSite', {
  method: 'delete',
  path: '/v1/sites/{siteId}',
  doc: 'Stop watching a site and delete its scans and threats; its alerts end and stay.',
  needs: 'admin',
  params,
  status: 204,
  answer: z.void(),
})
