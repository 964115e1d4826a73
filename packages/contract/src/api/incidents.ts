import { z } from 'zod'
import { defineEndpoint, pageOf, pageQuery, Timestamp } from '../endpoint.ts'
import { ComponentId, IncidentId, IncidentUpdateId } from '../ids.ts'
import { ComponentStatus } from './components.ts'

export const IncidentImpact = z.enum(['none', 'minor', 'major', 'critical']).meta({ id: 'IncidentImpact' })
export type IncidentImpact = z.infer<typeof IncidentImpact>

/** investigating → identified → monitoring → resolved; steps may be skipped or taken back, but resolved is the end. */
export const IncidentStatus = z.enum(['investigating', 'identified', 'monitoring', 'resolved']).meta({ id: 'IncidentStatus' })
export type IncidentStatus = z.infer<typeof IncidentStatus>

export const IncidentUpdate = z
  .object({
    id: IncidentUpdateId,
    incidentId: IncidentId,
    status: IncidentStatus,
    body: z.string().meta({ description: 'Markdown.' }),
    notify: z.boolean().meta({ description: 'Whether subscribers of the status page are told.' }),
    at: Timestamp,
    editedAt: Timestamp.nullable(),
  })
  .meta({ id: 'IncidentUpdate' })
export type IncidentUpdate = z.infer<typeof IncidentUpdate>

/** Of those of an incident; all of them have a list of their own. */
export const incidentUpdatesShown = 20

export const Incident = z
  .object({
    id: IncidentId,
    title: z.string(),
    impact: IncidentImpact,
    status: IncidentStatus,
    components: z
      .array(z.object({ componentId: ComponentId, name: z.string(), status: ComponentStatus }))
      .meta({ description: 'What it affects, and how.' }),
    updates: z.array(IncidentUpdate).meta({ description: `Newest first, the last ${incidentUpdatesShown}.` }),
    startedAt: Timestamp,
    resolvedAt: Timestamp.nullable(),
    createdAt: Timestamp,
    updatedAt: Timestamp,
    version: z.number().int().meta({ description: 'The ETag, for If-Match.' }),
  })
  .meta({ id: 'Incident' })
export type Incident = z.infer<typeof Incident>

const settings = {
  title: z.string().trim().min(1).max(200),
  impact: IncidentImpact,
  status: IncidentStatus,
  body: z.string().trim().max(5_000).meta({ description: 'Markdown; links and lists, no HTML.' }),
  notify: z.boolean().default(true).meta({ description: 'Tell the subscribers of the status page.' }),
  components: z
    .array(z.strictObject({ componentId: ComponentId, status: ComponentStatus }))
    .max(100)
    .refine((affected) => new Set(affected.map(({ componentId }) => componentId)).size === affected.length, {
      error: 'Names a component twice.',
    })
    .meta({ example: [] }),
}

export const IncidentInput = z
  .strictObject({
    title: settings.title,
    impact: settings.impact.default('minor'),
    status: settings.status.default('investigating'),
    body: settings.body.default('').meta({ description: 'The first update, in Markdown.' }),
    components: settings.components.default([]),
    notify: settings.notify,
    startedAt: Timestamp.optional().meta({ description: 'When it began, if not now; not in the future.' }),
  })
  .meta({ id: 'IncidentInput' })
export type IncidentInput = z.infer<typeof IncidentInput>

export const IncidentChanges = z
  .strictObject({
    title: settings.title.optional(),
    impact: settings.impact.optional(),
    components: settings.components.optional(),
  })
  .meta({ id: 'IncidentChanges' })
export type IncidentChanges = z.infer<typeof IncidentChanges>

export const IncidentUpdateInput = z
  .strictObject({
    status: settings.status.optional().meta({ description: 'As it is if absent. Resolved sets its components back.' }),
    body: settings.body.default(''),
    components: settings.components.optional().meta({ description: 'What it affects from now on; as it is if absent.' }),
    notify: settings.notify,
  })
  .meta({ id: 'IncidentUpdateInput' })
export type IncidentUpdateInput = z.infer<typeof IncidentUpdateInput>

const params = z.strictObject({ incidentId: IncidentId })

export const listIncidents = defineEndpoint('listIncidents', {
  method: 'get',
  path: '/v1/incidents',
  doc: 'Incidents, newest first.',
  needs: 'read',
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['open', 'resolved']).optional(),
    componentId: ComponentId.optional(),
  }),
  answer: pageOf(Incident),
})
export const createIncident = defineEndpoint('createIncident', {
  method: 'post',
  path: '/v1/incidents',
  doc: 'Open an incident. The components it names take the status it gives them, as long as it is open.',
  needs: 'write',
  body: IncidentInput,
  answer: Incident,
})
export const getIncident = defineEndpoint('getIncident', {
  method: 'get',
  path: '/v1/incidents/{incidentId}',
  doc: 'One incident with its last updates.',
  needs: 'read',
  params,
  answer: Incident,
})
export const updateIncident = defineEndpoint('updateIncident', {
  method: 'patch',
  path: '/v1/incidents/{incidentId}',
  doc: 'Correct what an incident says of itself. Nobody is told. If-Match is honoured.',
  needs: 'write',
  params,
  body: IncidentChanges,
  answer: Incident,
})
export const listIncidentUpdates = defineEndpoint('listIncidentUpdates', {
  method: 'get',
  path: '/v1/incidents/{incidentId}/updates',
  doc: 'The updates of an incident, newest first.',
  needs: 'read',
  params,
  query: z.strictObject(pageQuery),
  answer: pageOf(IncidentUpdate),
})
export const addIncidentUpdate = defineEndpoint('addIncidentUpdate', {
  method: 'post',
  path: '/v1/incidents/{incidentId}/updates',
  doc: 'Say how an incident goes on, or that it is resolved.',
  needs: 'write',
  params,
  body: IncidentUpdateInput,
  answer: Incident,
})
export const editIncidentUpdate = defineEndpoint('editIncidentUpdate', {
  method: 'patch',
  path: '/v1/incidents/{incidentId}/updates/{incidentUpdateId}',
  doc: 'Correct the text of an update. Nobody is told.',
  needs: 'write',
  params: z.strictObject({ incidentId: IncidentId, incidentUpdateId: IncidentUpdateId }),
  body: z.strictObject({ body: settings.body }),
  answer: Incident,
})
