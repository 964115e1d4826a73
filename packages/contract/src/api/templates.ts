import { z } from 'zod'
import { defineEndpoint, Timestamp } from '../endpoint.ts'

/** A mail for each type of threat, and one for everything else that is told. */
export const TemplateId = z
  .enum([
    'alert.ranking_drop',
    'alert.cwv_degradation',
    'alert.technical_error',
    'alert.competitor_surge',
    'alert.security_issue',
    'alert.indexation_problem',
    'alert.outage',
    'alert.incident',
    'alert.metric',
    'alert.group',
    'digest',
    'breaker',
    'event',
    'test',
  ])
  .meta({ id: 'TemplateId' })
export type TemplateId = z.infer<typeof TemplateId>

export const Template = z
  .object({
    id: TemplateId,
    title: z.string(),
    doc: z.string(),
    variables: z
      .array(z.object({ name: z.string(), example: z.string() }))
      .meta({ description: 'What your own subject and intro may speak of, as {{ name }}.' }),
    subject: z.string().nullable().meta({ description: 'Your own, in Liquid; null: ours.' }),
    intro: z.string().nullable(),
    updatedAt: Timestamp.nullable(),
  })
  .meta({ id: 'Template' })
export type Template = z.infer<typeof Template>

export const TemplateChanges = z
  .strictObject({
    subject: z.string().trim().min(1).max(500).nullable(),
    intro: z.string().trim().min(1).max(2_000).nullable(),
  })
  .meta({ id: 'TemplateChanges' })
export type TemplateChanges = z.infer<typeof TemplateChanges>

const params = z.strictObject({ templateId: TemplateId })

export const listTemplates = defineEndpoint('listTemplates', {
  method: 'get',
  path: '/v1/templates',
  doc: 'The mails that are sent, and what your organisation has changed of them.',
  needs: 'read',
  answer: z.object({ data: z.array(Template) }),
})
export const updateTemplate = defineEndpoint('updateTemplate', {
  method: 'put',
  path: '/v1/templates/{templateId}',
  doc: 'Put your own subject or intro in the place of ours. It is tried with an example: what cannot be rendered is refused.',
  needs: 'admin',
  params,
  body: TemplateChanges,
  answer: Template,
})
export const previewTemplate = defineEndpoint('previewTemplate', {
  method: 'get',
  path: '/v1/templates/{templateId}/preview',
  doc: 'The mail as it would be sent, with an example.',
  needs: 'read',
  params,
  query: z.strictObject({
    subject: z.string().max(500).optional().meta({ description: 'Try this subject without keeping it.' }),
    intro: z.string().max(2_000).optional().meta({ description: 'Try this intro without keeping it.' }),
  }),
  answer: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
})
