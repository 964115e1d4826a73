import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { CompetitorId, KeywordId, SiteId } from '../ids.ts'
import { Country, Device, Language, Measurement, Phrase, Position } from '../keyword.ts'

export const Keyword = z
  .object({
    id: KeywordId,
    siteId: SiteId,
    phrase: z.string(),
    country: z.string(),
    language: z.string().nullable().meta({ description: 'Null: any.' }),
    device: Device,
    monthlySearches: z.number().int().nullable().meta({ description: 'Null: not known; it then weighs as the others do.' }),
    latest: Measurement.nullable().meta({ description: 'The newest good measurement.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Keyword' })
export type Keyword = z.infer<typeof Keyword>

const MonthlySearches = z.number().int().min(0).max(1_000_000_000)

export const KeywordInput = z
  .strictObject({
    phrase: Phrase,
    country: Country,
    language: Language.optional(),
    device: Device.default('desktop'),
    monthlySearches: MonthlySearches.optional(),
  })
  .meta({ id: 'KeywordInput' })
export type KeywordInput = z.infer<typeof KeywordInput>

/** Phrase, country, language and device are what a keyword is: another one is another keyword. */
const KeywordChanges = z.strictObject({ monthlySearches: MonthlySearches.optional() })
export type KeywordChanges = z.infer<typeof KeywordChanges>

/** A spreadsheet of keywords at a time. */
const bulkMax = 1_000

const ofSite = z.strictObject({ siteId: SiteId })
const params = z.strictObject({ siteId: SiteId, keywordId: KeywordId })

export const listKeywords = defineEndpoint('listKeywords', {
  method: 'get',
  path: '/v1/sites/{siteId}/keywords',
  doc: 'The tracked keywords of a site, each with its newest measurement, newest first.',
  needs: 'read',
  params: ofSite,
  query: z.strictObject({
    ...pageQuery,
    phrase: z.string().max(200).optional().meta({ description: 'Part of the phrase.' }),
    country: Country.optional(),
    device: Device.optional(),
  }),
  answer: pageOf(Keyword),
})
export const createKeyword = defineEndpoint('createKeyword', {
  method: 'post',
  path: '/v1/sites/{siteId}/keywords',
  doc: 'Track a keyword.',
  needs: 'write',
  params: ofSite,
  body: KeywordInput,
  answer: Keyword,
})
export const putKeywords = defineEndpoint('putKeywords', {
  method: 'post',
  path: '/v1/sites/{siteId}/keywords/bulk',
  doc: 'Track many keywords at once. Those that are there already get the monthly searches that are given.',
  needs: 'write',
  params: ofSite,
  body: z.strictObject({ keywords: z.array(KeywordInput).min(1).max(bulkMax) }),
  status: 200,
  answer: z.object({ created: z.number().int(), updated: z.number().int(), unchanged: z.number().int() }),
})
export const getKeyword = defineEndpoint('getKeyword', {
  method: 'get',
  path: '/v1/sites/{siteId}/keywords/{keywordId}',
  doc: 'One keyword.',
  needs: 'read',
  params,
  answer: Keyword,
})
export const updateKeyword = defineEndpoint('updateKeyword', {
  method: 'patch',
  path: '/v1/sites/{siteId}/keywords/{keywordId}',
  doc: 'Change the monthly searches of a keyword. If-Match is honoured.',
  needs: 'write',
  params,
  body: KeywordChanges,
  answer: Keyword,
})
export const deleteKeyword = defineEndpoint('deleteKeyword', {
  method: 'delete',
  path: '/v1/sites/{siteId}/keywords/{keywordId}',
  doc: 'Stop tracking a keyword and delete its history.',
  needs: 'write',
  params,
  status: 204,
  answer: z.void(),
})

const DayPosition = z.object({
  position: z.number().min(1).nullable().meta({ description: 'The median of the day; null when it was mostly absent.' }),
  found: z.number().int(),
  absent: z.number().int(),
})

export const KeywordHistory = z
  .object({
    days: z
      .array(
        DayPosition.extend({
          day: z.iso.date(),
          depth: z.number().int(),
          competitors: z.array(DayPosition.extend({ competitorId: CompetitorId })),
        }),
      )
      .meta({ description: 'Days (UTC) with a good measurement, oldest first.' }),
    measurements: z
      .array(
        Measurement.extend({
          complete: z
            .boolean()
            .nullable()
            .meta({ description: 'As the list was marked; of a partial one nothing is concluded.' }),
          competitors: z.array(
            z.object({ competitorId: CompetitorId, position: Position.nullable(), url: z.string().nullable() }),
          ),
        }),
      )
      .meta({ description: 'The newest measurements, newest first, 200 at most.' }),
  })
  .meta({ id: 'KeywordHistory' })
export type KeywordHistory = z.infer<typeof KeywordHistory>

export const getKeywordHistory = defineEndpoint('getKeywordHistory', {
  method: 'get',
  path: '/v1/sites/{siteId}/keywords/{keywordId}/history',
  doc: 'Where the site and its competitors stood: daily medians for up to 16 months, and the newest single measurements.',
  needs: 'read',
  params,
  query: z.strictObject({ days: z.coerce.number().int().min(1).max(487).default(90) }),
  answer: KeywordHistory,
})
