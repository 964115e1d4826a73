import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { CompetitorId, SiteId } from '../ids.ts'

export const Competitor = z
  .object({
    id: CompetitorId,
    siteId: SiteId,
    domain: z.string().meta({ description: 'The registrable domain: all of its hosts count.' }),
    name: z.string(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Competitor' })
export type Competitor = z.infer<typeof Competitor>

const name = z.string().trim().min(1).max(120)

export const CompetitorInput = z
  .strictObject({
    domain: z
      .string()
      .trim()
      .min(1)
      .max(2048)
      .meta({ description: 'A domain, host or address; its registrable domain is what counts.', example: 'rival.example' }),
    name: name.optional().meta({ description: 'The domain if absent.' }),
  })
  .meta({ id: 'CompetitorInput' })
export type CompetitorInput = z.infer<typeof CompetitorInput>

const ofSite = z.strictObject({ siteId: SiteId })
const params = z.strictObject({ siteId: SiteId, competitorId: CompetitorId })

export const listCompetitors = defineEndpoint('listCompetitors', {
  method: 'get',
  path: '/v1/sites/{siteId}/competitors',
  doc: 'Whom the site is compared with, newest first.',
  needs: 'read',
  params: ofSite,
  query: z.strictObject(pageQuery),
  answer: pageOf(Competitor),
})
export const createCompetitor = defineEndpoint('createCompetitor', {
  method: 'post',
  path: '/v1/sites/{siteId}/competitors',
  doc: 'Compare the site with a competitor, from the next list of positions on.',
  needs: 'write',
  params: ofSite,
  body: CompetitorInput,
  answer: Competitor,
})
export const getCompetitor = defineEndpoint('getCompetitor', {
  method: 'get',
  path: '/v1/sites/{siteId}/competitors/{competitorId}',
  doc: 'One competitor.',
  needs: 'read',
  params,
  answer: Competitor,
})
export const updateCompetitor = defineEndpoint('updateCompetitor', {
  method: 'patch',
  path: '/v1/sites/{siteId}/competitors/{competitorId}',
  doc: 'Rename a competitor. If-Match is honoured.',
  needs: 'write',
  params,
  body: z.strictObject({ name: name.optional() }),
  answer: Competitor,
})
export const deleteCompetitor = defineEndpoint('deleteCompetitor', {
  method: 'delete',
  path: '/v1/sites/{siteId}/competitors/{competitorId}',
  doc: 'No longer compare the site with a competitor, and forget its positions and links.',
  needs: 'write',
  params,
  status: 204,
  answer: z.void(),
})
