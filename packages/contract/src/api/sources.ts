import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { SiteId, SourceId } from '../ids.ts'
import type { SourceSpec } from '../source.ts'
import { SourceKind, sourceKinds } from '../sources/catalog.ts'

export const SourceFault = z.enum(['credentials', 'forbidden', 'quota', 'unavailable', 'bad_answer', 'not_found']).meta({
  id: 'SourceFault',
  description:
    'credentials: they were refused; forbidden: they are good, but not for this; quota: the provider or the budget allows no more for now; unavailable: no answer; bad_answer: one that cannot be read; not_found: the provider does not know what was asked for.',
})
export type SourceFault = z.infer<typeof SourceFault>

const SourceError = z.object({ reason: SourceFault, detail: z.string(), at: Timestamp })

export const Source = z
  .object({
    id: SourceId,
    siteId: SiteId,
    kind: SourceKind,
    config: z
      .record(z.string(), z.unknown())
      .meta({ description: 'As this kind of source has it. Credentials are never shown.' }),
    state: z
      .enum(['active', 'paused', 'failing'])
      .meta({ description: 'failing: lastError says why. It is tried again, ever more rarely.' }),
    lastFetchedAt: Timestamp.nullable().meta({ description: 'Moves without an event, as nextFetchAt and quota do.' }),
    nextFetchAt: Timestamp.nullable().meta({ description: 'Null while it is paused.' }),
    lastError: SourceError.nullable(),
    lastTest: z
      .object({
        result: z.enum(['waiting', 'passed', 'failed']),
        reason: SourceFault.nullable(),
        detail: z.string(),
        at: Timestamp,
      })
      .nullable(),
    quota: z.object({
      day: z.iso.date().nullable().meta({ description: 'The last day (UTC) on which the account was used.' }),
      used: z.number().int(),
      limit: z.number().int(),
    }),
    createdAt: Timestamp,
    version: z.number().int(),
  })
  .meta({ id: 'Source' })
export type Source = z.infer<typeof Source>

/** Written out kind by kind, so that each keeps its own fields. */
export const SourceInput = z
  .discriminatedUnion('kind', [
    inputOf(sourceKinds.search_console),
    inputOf(sourceKinds.serper),
    inputOf(sourceKinds.serpapi),
    inputOf(sourceKinds.crux),
    inputOf(sourceKinds.safe_browsing),
    inputOf(sourceKinds.web_risk),
    inputOf(sourceKinds.rdap),
    inputOf(sourceKinds.ct),
  ])
  .meta({ id: 'SourceInput' })
export type SourceInput = z.infer<typeof SourceInput>

/** The kind says how to read the rest; it cannot be changed. */
export const SourceChanges = z
  .discriminatedUnion('kind', [
    changesOf(sourceKinds.search_console),
    changesOf(sourceKinds.serper),
    changesOf(sourceKinds.serpapi),
    changesOf(sourceKinds.crux),
    changesOf(sourceKinds.safe_browsing),
    changesOf(sourceKinds.web_risk),
    changesOf(sourceKinds.rdap),
    changesOf(sourceKinds.ct),
  ])
  .meta({ id: 'SourceChanges' })
export type SourceChanges = z.infer<typeof SourceChanges>

function inputOf<Kind extends string, Config extends z.ZodObject, Credentials extends z.ZodType>(
  spec: SourceSpec<Kind, Config, Credentials>,
) {
  return z.strictObject({ kind: z.literal(spec.kind), config: spec.config, credentials: spec.credentials })
}

function changesOf<Kind extends string, Config extends z.ZodObject, Credentials extends z.ZodType>(
  spec: SourceSpec<Kind, Config, Credentials>,
) {
  return z.strictObject({
    kind: z.literal(spec.kind),
    config: spec.config.optional(),
    credentials: spec.credentials.optional(),
  })
}

const siteParams = z.strictObject({ siteId: SiteId })
const params = z.strictObject({ sourceId: SourceId })

export const listSources = defineEndpoint('listSources', {
  method: 'get',
  path: '/v1/sites/{siteId}/sources',
  doc: 'Where measurements of a site come from besides looking at it, newest first.',
  needs: 'read',
  params: siteParams,
  query: z.strictObject(pageQuery),
  answer: pageOf(Source),
})
export const createSource = defineEndpoint('createSource', {
  method: 'post',
  path: '/v1/sites/{siteId}/sources',
  doc: 'Connect an outside API to a site, at most one of each kind. Credentials are sealed and never shown again.',
  needs: 'admin',
  params: siteParams,
  body: SourceInput,
  answer: Source,
})
export const getSource = defineEndpoint('getSource', {
  method: 'get',
  path: '/v1/sources/{sourceId}',
  doc: 'One source.',
  needs: 'read',
  params,
  answer: Source,
})
export const updateSource = defineEndpoint('updateSource', {
  method: 'patch',
  path: '/v1/sources/{sourceId}',
  doc: 'Change the config or the credentials; each is replaced as a whole, and the source is fetched anew. If-Match is honoured.',
  needs: 'admin',
  params,
  body: SourceChanges,
  answer: Source,
})
export const pauseSource = defineEndpoint('pauseSource', {
  method: 'post',
  path: '/v1/sources/{sourceId}/pause',
  doc: 'Fetch nothing more until it is resumed.',
  needs: 'admin',
  params,
  status: 200,
  answer: Source,
})
export const resumeSource = defineEndpoint('resumeSource', {
  method: 'post',
  path: '/v1/sources/{sourceId}/resume',
  doc: 'Fetch again, from now on.',
  needs: 'admin',
  params,
  status: 200,
  answer: Source,
})
export const testSource = defineEndpoint('testSource', {
  method: 'post',
  path: '/v1/sources/{sourceId}/test',
  doc: 'Have the connection tried now; how it went comes as lastTest with source.updated.',
  needs: 'admin',
  params,
  status: 202,
  answer: Source,
})
export const deleteSource = defineEndpoint('deleteSource', {
  method: 'delete',
  path: '/v1/sources/{sourceId}',
  doc: 'Disconnect; what was measured stays.',
  needs: 'admin',
  params,
  status: 204,
  answer: z.void(),
})
