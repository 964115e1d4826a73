import { z } from 'zod'
import { columnName } from '../csv.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { BacklinkId, BacklinkListId, CompetitorId, SiteId } from '../ids.ts'

/** What fits into a body of one mebibyte. */
const entriesMax = 10_000

const Domain = z.string().trim().min(1).max(255).meta({ example: 'blog.example' })
const competitor = Domain.meta({
  description: 'A tracked competitor, by its domain. Without it: the site itself.',
  example: 'rival.example',
})

const BacklinkPush = z
  .strictObject({
    listId: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[\x21-\x7e]+$/, 'Must be visible ASCII characters without spaces.')
      .optional()
      .meta({ description: 'A name of yours for this list. The same list again changes nothing.', example: '2026-03-01' }),
    competitor: competitor.optional(),
    complete: z.boolean().optional().meta({
      description:
        'True if absent. False: some referring domains may be missing, so a domain without a date is not taken for a new one later.',
    }),
    entries: z
      .array(
        z.strictObject({
          domain: Domain.meta({ description: 'The referring domain.' }),
          firstSeen: z.iso.date().optional().meta({ description: 'When the link was first seen, if it is known.' }),
        }),
      )
      .min(1)
      .max(entriesMax),
  })
  .meta({ id: 'BacklinkPush' })
export type BacklinkPush = z.infer<typeof BacklinkPush>

export const BacklinkList = z
  .object({
    id: BacklinkListId,
    siteId: SiteId,
    competitorId: CompetitorId.nullable().meta({ description: 'Null: links to the site itself.' }),
    listId: z.string().nullable(),
    complete: z.boolean(),
    entries: z.number().int(),
    recordedAt: Timestamp,
  })
  .meta({ id: 'BacklinkList' })
export type BacklinkList = z.infer<typeof BacklinkList>

export const Backlink = z
  .object({
    id: BacklinkId,
    competitorId: CompetitorId.nullable().meta({ description: 'Null: links to the site itself.' }),
    domain: z.string(),
    firstSeen: z.iso.date().nullable().meta({ description: 'Null: it was there before links were recorded.' }),
    recordedAt: Timestamp,
  })
  .meta({ id: 'Backlink' })
export type Backlink = z.infer<typeof Backlink>

const byColumn = new Map([
  ['domain', 'domain'],
  ['referringdomain', 'domain'],
  ['firstseen', 'firstSeen'],
])

const params = z.strictObject({ siteId: SiteId })

export const pushBacklinks = defineEndpoint('pushBacklinks', {
  method: 'post',
  path: '/v1/sites/{siteId}/backlinks',
  doc: 'Record which domains link to the site, or to one of its competitors, as JSON or CSV. All of it or, when one row is wrong, nothing. The same list again changes nothing.',
  needs: 'write',
  params,
  query: z.strictObject({
    listId: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[\x21-\x7e]+$/)
      .optional(),
    competitor: competitor.optional(),
    complete: z.enum(['true', 'false']).optional(),
  }),
  body: BacklinkPush,
  csv: {
    field: 'entries',
    doc: 'A header and a row for each referring domain: domain, firstSeen (a date, or empty). listId, competitor and complete stand in the query.',
    read: (cells) => {
      const filled = [...cells].filter(([, cell]) => cell.trim() !== '')
      return Object.fromEntries(filled.map(([header, cell]) => [byColumn.get(columnName(header)) ?? header, cell.trim()]))
    },
  },
  answer: BacklinkList,
})
export const listBacklinks = defineEndpoint('listBacklinks', {
  method: 'get',
  path: '/v1/sites/{siteId}/backlinks',
  doc: 'Referring domains, latest recorded first: all, or of one competitor, or with competitorId=own of the site itself.',
  needs: 'read',
  params,
  query: z.strictObject({ ...pageQuery, competitorId: z.union([CompetitorId, z.literal('own')]).optional() }),
  answer: pageOf(Backlink),
})
