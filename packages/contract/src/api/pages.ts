import { z } from 'zod'
import { csvAnswer } from '../csv.ts'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { SiteId } from '../ids.ts'

/** Why a search engine would not list a page under this address. */
export const NotIndexable = z.enum(['blocked', 'redirects', 'error', 'noindex', 'canonicalised']).meta({
  id: 'NotIndexable',
  description:
    'blocked: robots.txt forbids Googlebot to read it; redirects: it leads to another address; error: it does not answer well; noindex: it says so; canonicalised: it names another address for itself.',
})
export type NotIndexable = z.infer<typeof NotIndexable>

/** As the last scan that looked at it saw it. */
export const SitePage = z
  .object({
    url: z.string(),
    status: z.number().int().nullable().meta({ description: 'Null: there was no answer; `fault` says why.' }),
    fault: z.string().nullable(),
    redirectsTo: z.string().nullable(),
    contentType: z.string().nullable(),
    title: z.string().nullable(),
    h1: z.string().nullable(),
    lang: z.string().nullable(),
    words: z.number().int().nullable().meta({ description: 'Of the main text.' }),
    template: z.string().nullable().meta({ description: 'The pattern that its address follows.' }),
    depth: z.number().int().nullable().meta({ description: 'Links from the start page; 10 if only a sitemap leads to it.' }),
    inlinks: z.number().int().nullable().meta({ description: 'Pages of the site that link to it.' }),
    inSitemap: z.boolean().nullable(),
    importance: z.number().nullable().meta({ description: '0–10 among the pages of the site.' }),
    indexable: z.boolean().nullable().meta({ description: 'Null: it could not be seen.' }),
    notIndexable: NotIndexable.nullable(),
    canonical: z.string().nullable(),
    bytes: z.number().int().nullable(),
    elapsedMs: z.number().int().nullable(),
    firstSeenAt: Timestamp.nullable(),
    lastSeenAt: Timestamp,
    changedAt: Timestamp.nullable().meta({
      description: 'When its status, text, head, links, scripts or headers were last seen to change.',
    }),
  })
  .meta({ id: 'SitePage' })
export type SitePage = z.infer<typeof SitePage>

export const PageSort = z.enum([
  'url',
  'status',
  'depth',
  'inlinks',
  'importance',
  'words',
  'bytes',
  'elapsedMs',
  'firstSeenAt',
  'lastSeenAt',
  'changedAt',
])
export type PageSort = z.infer<typeof PageSort>

const yesOrNo = z.enum(['true', 'false']).transform((value) => value === 'true')

export const listSitePages = defineEndpoint('listSitePages', {
  method: 'get',
  path: '/v1/sites/{siteId}/pages',
  doc: 'The pages of a site as the crawler knows them, filtered and sorted; as CSV with `Accept: text/csv` or `format=csv`, then all of them.',
  needs: 'read',
  params: z.strictObject({ siteId: SiteId }),
  query: z.strictObject({
    // It holds an address.
    cursor: z.string().max(4_096).optional().meta({ description: 'The nextCursor of the page before.' }),
    limit: pageQuery.limit,
    sort: PageSort.default('importance'),
    order: z.enum(['asc', 'desc']).default('desc').meta({ description: 'What has no value comes last.' }),
    status: z.enum(['2xx', '3xx', '4xx', '5xx', 'none']).optional().meta({ description: '`none`: there was no answer.' }),
    indexable: yesOrNo.optional(),
    notIndexable: NotIndexable.optional(),
    template: z.string().max(2_048).optional(),
    inSitemap: yesOrNo.optional(),
    q: z.string().min(1).max(200).optional().meta({ description: 'A part of the address.' }),
    changedSince: Timestamp.optional(),
    seenSince: Timestamp.optional(),
    format: z.enum(['json', 'csv']).optional(),
  }),
  answer: pageOf(SitePage),
  csvAnswer: csvAnswer(SitePage, 'One line for each page, with the fields of SitePage as columns; 20,000 lines at most.'),
})
