import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { StatusPageId } from '../ids.ts'

export const StatusPage = z
  .object({
    id: StatusPageId,
    slug: z.string().meta({ description: 'The page is at /s/{slug}.' }),
    name: z.string(),
    description: z.string(),
    enabled: z.boolean().meta({ description: 'False: the page is not there for anybody.' }),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'StatusPage' })
export type StatusPage = z.infer<typeof StatusPage>

/** Lower case, so that one page has one address. */
export const StatusPageSlug = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])$/, 'Must be 3 to 63 lower-case letters, digits and hyphens.')
  .meta({ example: 'acme-status' })

export const StatusPageChanges = z
  .strictObject({
    slug: StatusPageSlug.optional(),
    name: z.string().trim().min(1).max(120).optional(),
    description: z.string().trim().max(1_000).optional(),
    enabled: z.boolean().optional(),
  })
  .meta({ id: 'StatusPageChanges' })
export type StatusPageChanges = z.infer<typeof StatusPageChanges>

const params = z.strictObject({ statusPageId: StatusPageId })

export const listStatusPages = defineEndpoint('listStatusPages', {
  method: 'get',
  path: '/v1/status-pages',
  doc: 'The status pages of the org.',
  needs: 'read',
  query: z.strictObject(pageQuery),
  answer: pageOf(StatusPage),
})
export const getStatusPage = defineEndpoint('getStatusPage', {
  method: 'get',
  path: '/v1/status-pages/{statusPageId}',
  doc: 'One status page.',
  needs: 'read',
  params,
  answer: StatusPage,
})
export const updateStatusPage = defineEndpoint('updateStatusPage', {
  method: 'patch',
  path: '/v1/status-pages/{statusPageId}',
  doc: 'Rename or move a status page. A slug belongs to one page of the installation. If-Match is honoured.',
  needs: 'admin',
  params,
  body: StatusPageChanges,
  answer: StatusPage,
})
